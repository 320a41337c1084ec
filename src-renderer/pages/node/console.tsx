import { ChevronRight, Terminal, Trash2 } from 'lucide-react';
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { complete, completions, remember, withoutSecrets } from '../../logic/console-line.js';
import { useWallet } from '../../state/bridge.js';
import { useFacade, useQuery } from '../../state/facade-context.js';
import { useText } from '../../text/text.js';
import { walletTitle } from '../../app/actions.js';
import { Button } from '../../ui/button.js';
import { Empty, ProgressBar } from '../../ui/feedback.js';
import { CopyButton } from '../../ui/identifier.js';
import { JsonView } from '../../ui/json-view.js';
import { addEntry, setAnswer, useConsole, type ConsoleEntry } from './console-store.js';

function Entry({ entry }: { readonly entry: ConsoleEntry }) {
  const t = useText();
  const { answer } = entry;
  return (
    <li className="console-entry" data-testid="console-entry">
      <div className="spread">
        <code className="console-line">
          <ChevronRight size={14} aria-hidden className="quiet" />
          {entry.line}
        </code>
        {answer?.ok === true && <CopyButton text={answer.json} what={t('console.reply')} />}
      </div>
      {answer === null && <ProgressBar fraction={null} label={t('console.running')} />}
      {answer?.ok === true && <JsonView source={answer.json} />}
      {answer?.ok === false && (
        <div className="console-error" role="alert">
          <p>{answer.error.message}</p>
          {answer.error.details !== undefined && <p className="small mono">{answer.error.details}</p>}
        </div>
      )}
    </li>
  );
}

export function Console() {
  const facade = useFacade();
  const t = useText();
  const wallet = useWallet();
  const { entries, history } = useConsole();
  const [line, setLine] = useState('');
  const [choice, setChoice] = useState(0);
  const [closed, setClosed] = useState(false);
  /** Position in the history, counted from its end; 0 is the line being typed. */
  const [back, setBack] = useState(0);
  const scroller = useRef<HTMLDivElement>(null);
  const listId = useId();
  const commands = useQuery('commands', () => facade.node.commands());
  const found = closed || back > 0 ? [] : completions(commands.data ?? [], line);

  useEffect(() => {
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
  }, [entries]);

  const type = (next: string): void => {
    setLine(next);
    setChoice(0);
    setClosed(false);
    setBack(0);
  };
  const run = async (): Promise<void> => {
    const text = line.trim();
    if (text === '') return;
    const id = addEntry(withoutSecrets(text));
    useConsole.setState({ history: remember(history, text) });
    type('');
    const answer = await facade.node.execute({ line: text, ...(wallet === null ? {} : { wallet: wallet.name }) });
    setAnswer(id, answer.ok ? { ok: true, json: answer.value.json } : answer);
  };
  const walk = (to: number): void => {
    const at = Math.max(0, Math.min(history.length, to));
    setBack(at);
    setLine(at === 0 ? '' : (history[history.length - at] ?? ''));
  };
  const onKey = (event: KeyboardEvent): void => {
    const chosen = found[choice];
    if (event.key === 'Tab' && chosen !== undefined && !event.shiftKey) type(complete(line, chosen));
    else if (event.key === 'ArrowDown' && found.length > 0) setChoice((choice + 1) % found.length);
    else if (event.key === 'ArrowUp' && found.length > 0 && choice > 0) setChoice(choice - 1);
    else if (event.key === 'ArrowUp') walk(back + 1);
    else if (event.key === 'ArrowDown') walk(back - 1);
    else if (event.key === 'Escape' && found.length > 0) setClosed(true);
    else if (event.key === 'Enter') void run();
    else if (event.key.toLowerCase() === 'l' && event.ctrlKey) useConsole.setState({ entries: [] });
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className="console" data-testid="console">
      <div ref={scroller} className="console-scroll" tabIndex={0} role="log" aria-label={t('console.label')}>
        {entries.length === 0 ? (
          <Empty icon={Terminal} title={t('console.empty')}>
            <p>{t('console.empty.text')}</p>
            <p className="console-warning">{t('console.warning')}</p>
          </Empty>
        ) : (
          <ul>
            {entries.map((entry) => (
              <Entry key={entry.id} entry={entry} />
            ))}
          </ul>
        )}
      </div>
      <div className="console-foot">
        {found.length > 0 && (
          <ul id={listId} role="listbox" className="completions" aria-label={t('console.completions')}>
            {found.map((command, index) => (
              <li key={command} role="option" aria-selected={index === choice} className="completion" onMouseDown={(event) => { event.preventDefault(); type(complete(line, command)); }}>
                {command}
              </li>
            ))}
          </ul>
        )}
        <div className="input mono console-input">
          <ChevronRight size={16} aria-hidden className="quiet console-prompt" />
          <input
            role="combobox"
            aria-label={t('console.input')}
            aria-expanded={found.length > 0}
            aria-controls={listId}
            aria-autocomplete="list"
            value={line}
            spellCheck={false}
            autoComplete="off"
            placeholder={t('console.placeholder')}
            data-testid="console-input"
            onChange={(event) => type(event.target.value)}
            onKeyDown={onKey}
          />
          {wallet !== null && <span className="badge console-wallet" title={t('console.wallet')}>{walletTitle(wallet.title, t)}</span>}
          <Button small variant="quiet" icon={Trash2} disabled={entries.length === 0} onClick={() => useConsole.setState({ entries: [] })}>
            {t('console.clear')}
          </Button>
        </div>
      </div>
    </div>
  );
}
