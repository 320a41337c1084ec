/** The program that asks for ssh, started as ssh does. Also run on Windows' own Node.js: e2e/daemons/windows.test.ts. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { askpassExecutable, askpassScript } from './askpass-program.js';
import { startAskpass, type Askpass } from './askpass.js';
import type { Answer, AskPerson, Question } from './question.js';

function folder(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'askpass-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

async function start(t: TestContext, ask: AskPerson, program: (directory: string) => Readonly<Record<string, string>> = askpassExecutable): Promise<Askpass> {
  const directory = folder(t);
  const askpass = await startAskpass(directory, program(directory), 'example.org', ask, () => {});
  t.after(() => askpass.close());
  return askpass;
}

interface Run {
  readonly status: number | null;
  readonly output: string;
}

/** As OpenSSH does it. */
function ask({ env }: Askpass, prompt: string, more: Readonly<Record<string, string>> = {}): Promise<Run> {
  const child = spawn(env['SSH_ASKPASS'] ?? '', [prompt], { env: { ...process.env, ...env, ...more }, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, output }));
  });
}

const hostKey = [
  "The authenticity of host '[2001:db8::1]:22 ([2001:db8::1]:22)' can't be established.",
  'ED25519 key fingerprint is SHA256:a/b+c//d/../e.',
  'This key is not known by any other names.',
  'Are you sure you want to continue connecting (yes/no/[fingerprint])? ',
].join('\n');

const prompts = [hostKey, 'Enter passphrase for key \'C:\\Users\\J\u00f6rg "the user"\\.ssh\\id\\\': ', '(carol@example.org) " & calc.exe & %PATH% $HOME `id` ^: '];

/** Scripts are for systems that run them. */
const programs = { 'an executable': askpassExecutable, ...(process.platform === 'win32' ? {} : { 'a script': askpassScript }) };

for (const [name, program] of Object.entries(programs)) {
  test(`${name}: the words of the question arrive as they were given, and the answer comes back`, async (t) => {
    const asked: Question[] = [];
    const answers: Answer[] = [true, 'pass "word" \u00fc', false];
    const askpass = await start(t, async (question) => answers[asked.push(question) - 1], program);
    assert.deepEqual(await ask(askpass, prompts[0] ?? ''), { status: 0, output: 'yes\n' });
    assert.deepEqual(await ask(askpass, prompts[1] ?? ''), { status: 0, output: 'pass "word" \u00fc\n' });
    assert.deepEqual(await ask(askpass, prompts[2] ?? '', { SSH_ASKPASS_PROMPT: 'confirm' }), { status: 1, output: 'no\n' });
    assert.deepEqual(asked.map(({ prompt }) => prompt), prompts);
    assert.deepEqual(asked.map(({ kind }) => kind), ['host-key', 'passphrase', 'password']);
    assert.equal(asked[0]?.fingerprint, 'SHA256:a/b+c//d/../e');
  });
}

test('no answer, and nobody who could give one', async (t) => {
  const askpass = await start(t, () => Promise.resolve(undefined));
  assert.deepEqual(await ask(askpass, 'Code: '), { status: 1, output: '' });
  assert.equal(askpass.isCancelled, true);
  assert.deepEqual(await ask(askpass, 'Code: ', { BULKHEAD_ASKPASS_TOKEN: 'guessed' }), { status: 1, output: '' });
  askpass.close();
  assert.deepEqual(await ask(askpass, 'Code: '), { status: 1, output: '' });
});

test('who does not know the token, or says something else, is not answered', async (t) => {
  const askpass = await start(t, () => assert.fail('somebody else asked'));
  for (const line of ['{"token":"guessed","asker":1,"hint":"","prompt":"Password: "}', 'Password: ', '{}']) {
    const socket = connect(askpass.env['BULKHEAD_ASKPASS'] ?? '', () => socket.write(`${line}\n`));
    let received = '';
    socket.on('data', (bytes) => (received += bytes.toString()));
    socket.on('error', () => {});
    await new Promise((resolve) => socket.once('close', resolve));
    assert.equal(received, '');
  }
});

test('answers that were right are given again, once to each who asks, but for those in the words of the other computer', async (t) => {
  const asked: string[] = [];
  const askpass = await start(t, async ({ prompt, attempt }) => `${prompt}${attempt}-${asked.push(prompt)}`);
  const own = 'Enter passphrase for key \'id\': ';
  const foreign = '(carol@example.org) Code: ';
  const say = async (prompt: string): Promise<string> => (await ask(askpass, prompt)).output.trim();
  // Here all come from this one process; attempts are counted.
  assert.equal(await say(own), `${own}0-1`);
  assert.equal(await say(own), `${own}1-2`);
  assert.equal(await say(foreign), `${foreign}0-3`);
  askpass.keepAnswers();
  const elsewhere = (prompt: string): Promise<Run> => askFromAnother(t, askpass, prompt);
  assert.equal((await elsewhere(own)).output.trim(), `${own}1-2`);
  assert.equal(await say(own), `${own}2-4`);
  assert.equal((await elsewhere(foreign)).output.trim(), `${foreign}0-5`);
});

/** Asks as a child of another process does: another ssh. */
function askFromAnother(t: TestContext, askpass: Askpass, prompt: string): Promise<Run> {
  const file = join(folder(t), 'another.cjs');
  writeFileSync(file, `process.exit(require('node:child_process').spawnSync(${JSON.stringify(askpass.env['SSH_ASKPASS'])}, [${JSON.stringify(prompt)}], { stdio: 'inherit' }).status)`);
  const child = spawn(process.execPath, [file], { env: { ...process.env, ...askpass.env }, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve) => child.once('close', (status) => resolve({ status, output })));
}
