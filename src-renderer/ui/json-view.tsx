import { useMemo } from 'react';
import { jsonTokens, looksLikeAmount, plainText } from '../logic/json-tokens.js';
import { useSettings } from '../state/bridge.js';

/** Above this the colours cost more than they help. */
const MAX_COLOURED = 200_000;

/** A reply of the node: indented, coloured, every digit as written. Amounts are hidden with the others. */
export function JsonView({ source }: { readonly source: string }) {
  const { hideAmounts } = useSettings();
  const tokens = useMemo(() => (source.length > MAX_COLOURED ? null : jsonTokens(source)), [source]);
  const text = plainText(source);
  if (text !== null) return <pre className="json">{text}</pre>;
  if (tokens === null) return <pre className="json">{hideAmounts ? source.replace(/-?\d+\.\d{8}/g, '••••••') : source}</pre>;
  return (
    <pre className="json">
      {tokens.map((token, index) => (
        <span key={index} className={`json-${token.kind}`}>
          {hideAmounts && token.kind === 'number' && looksLikeAmount(token.text) ? '••••••' : token.text}
        </span>
      ))}
    </pre>
  );
}
