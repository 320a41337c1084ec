import { useRef, useState, type FormEvent } from 'react';
import type { ConnectionQuestion } from '../../src-interfaces/facade.js';
import { useAction, useFacade } from '../state/facade-context.js';
import { useText } from '../text/text.js';
import { Button } from '../ui/button.js';
import { Callout } from '../ui/feedback.js';
import { Field, PassphraseInput } from '../ui/field.js';
import { Dialog } from '../ui/overlay.js';
import { Facts } from '../ui/page.js';

/** What identifies the other computer, or the key that is to be unlocked. */
function QuestionFacts({ question }: { readonly question: ConnectionQuestion }) {
  const t = useText();
  const { kind, host, keyType, fingerprint, keyFile } = question;
  if (kind === 'host-key') {
    return (
      <>
        <Facts
          items={[
            [t('question.host'), <span key="host" data-testid="question-host">{host}</span>],
            [t('question.keyType'), keyType ?? '–'],
          ]}
        />
        <div className="question-fingerprint">
          <span className="muted">{t('question.fingerprint')}</span>
          <code className="mono" data-testid="question-fingerprint">{fingerprint ?? '–'}</code>
        </div>
      </>
    );
  }
  if (keyFile === null) return null;
  return <Facts items={[[t('question.host'), host], [t('question.keyFile'), <span key="file" className="mono">{keyFile}</span>]]} />;
}

/** A question of OpenSSH: whether a computer is the right one, or a secret that opens the way to it. */
export function ConnectionQuestionDialog({ question }: { readonly question: ConnectionQuestion }) {
  const t = useText();
  const facade = useFacade();
  const [secret, setSecret] = useState('');
  const answer = useAction(facade.app.answer);
  const form = useRef<HTMLFormElement>(null);
  const { id, kind, host, prompt, attempt } = question;
  const wantsSecret = kind !== 'host-key' && kind !== 'confirmation';
  const ownWords = kind === 'confirmation' || kind === 'other' || kind === 'password';
  const cancel = (): void => void answer.run({ question: id });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (wantsSecret && secret === '') return;
    void answer.run(wantsSecret ? { question: id, text: secret } : { question: id, accept: true });
    setSecret('');
  };
  return (
    <Dialog title={t(`question.${kind}.title`, { host })} description={t(`question.${kind}.text`, { host })} onClose={cancel} busy={answer.busy} testId="dialog-question">
      <form ref={form} onSubmit={submit} noValidate data-kind={kind}>
        <QuestionFacts question={question} />
        {ownWords && <p className="question-prompt mono small">{prompt}</p>}
        {wantsSecret && (
          <Field label={t(`question.${kind}.label`)} error={attempt > 0 ? t('question.wrong') : null}>
            {(parts) => <PassphraseInput parts={parts} value={secret} maxLength={4096} onChange={(event) => setSecret(event.target.value)} data-testid="question-secret" />}
          </Field>
        )}
        {answer.error !== null && <Callout tone="bad" what={answer.error.message} />}
        <div className="dialog-actions">
          <Button variant="quiet" onClick={cancel} disabled={answer.busy} data-testid="question-cancel">
            {t('cancel')}
          </Button>
          <Button type="submit" variant="primary" busy={answer.busy} disabled={wantsSecret && secret === ''} data-testid="question-answer">
            {kind === 'host-key' ? t('question.host-key.accept') : kind === 'confirmation' ? t('yes') : t('question.connect')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
