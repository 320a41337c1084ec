import { QRCodeSVG } from 'qrcode.react';
import { useText } from '../text/text.js';

/**
 * Black on white in every theme: that is what cameras expect. A bare bech32 address goes in upper case,
 * which BIP173 recommends for QR codes because it makes them smaller.
 */
export function Qr({ uri, size = 196 }: { readonly uri: string; readonly size?: number }) {
  const t = useText();
  const bare = /^bitcoin:((?:bc|tb|bcrt)1[a-z0-9]+)$/.exec(uri)?.[1];
  return (
    <div className="qr" role="img" aria-label={t('receive.qr')} data-testid="qr" data-uri={uri}>
      <QRCodeSVG value={bare === undefined ? uri : `BITCOIN:${bare.toUpperCase()}`} size={size} level="M" marginSize={0} bgColor="#ffffff" fgColor="#0b0d0f" />
    </div>
  );
}
