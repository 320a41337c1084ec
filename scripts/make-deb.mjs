#!/usr/bin/env node
// Makes a Debian package with dpkg-deb, from the arguments electron-builder gives to fpm. Used by
// scripts/dist.mjs through CUSTOM_FPM_PATH, because electron-builder would download fpm otherwise.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const switches = new Set(['--force', '-f', '--debug', '--verbose']);
const lists = { '-d': 'depends', '--depends': 'depends', '--deb-recommends': 'recommends' };

function parse(words) {
  const parsed = { depends: [], recommends: [], contents: [], values: new Map() };
  for (let i = 0; i < words.length; i++) {
    let word = words[i];
    if (switches.has(word)) continue;
    if (!word.startsWith('-')) {
      parsed.contents.push(word);
      continue;
    }
    const equals = word.startsWith('--') ? word.indexOf('=') : -1;
    const value = equals > 0 ? word.slice(equals + 1) : words[++i];
    if (equals > 0) word = word.slice(0, equals);
    const list = lists[word];
    if (list === undefined) parsed.values.set(word, value);
    else parsed[list].push(value);
  }
  return parsed;
}

const { depends, recommends, contents, values } = parse(process.argv.slice(2));
const kind = values.get('-t');
if (kind !== 'deb') {
  process.stderr.write(`make-deb: only deb packages are made here, not ${kind}\n`);
  process.exit(1);
}

const tree = fs.mkdtempSync(path.join(os.tmpdir(), 'bulkhead-deb-'));
try {
  for (const mapping of contents) {
    const at = mapping.lastIndexOf('=');
    const source = mapping.slice(0, at);
    const target = path.join(tree, mapping.slice(at + 1));
    if (source.endsWith('/')) {
      fs.mkdirSync(target, { recursive: true });
      execFileSync('cp', ['-a', `${source}.`, target]);
    } else {
      fs.mkdirSync(path.dirname(target), { recursive: true });
      fs.copyFileSync(source, target);
      fs.chmodSync(target, 0o644);
    }
  }
  fs.chmodSync(tree, 0o755);
  const architecture = values.get('--architecture') === 'x86_64' ? 'amd64' : values.get('--architecture');
  const kilobytes = execFileSync('du', ['-sk', tree]).toString().split('\t')[0];
  const [summary, ...more] = (values.get('--description') ?? values.get('--name')).trim().split('\n');
  const control = [
    ['Package', values.get('--name')],
    ['Version', values.get('--version')],
    ['Architecture', architecture],
    ['Maintainer', values.get('--maintainer') ?? values.get('--vendor')],
    ['Installed-Size', kilobytes],
    ['Depends', depends.join(', ')],
    ['Recommends', recommends.join(', ')],
    ['Section', values.get('--category') ?? 'net'],
    ['Priority', values.get('--deb-priority') ?? 'optional'],
    ['Homepage', values.get('--url')],
    ['Description', [summary, ...more.filter((line) => line.trim() !== '').map((line) => ` ${line.trim()}`)].join('\n')],
  ];
  const scripts = { '--before-install': 'preinst', '--after-install': 'postinst', '--before-remove': 'prerm', '--after-remove': 'postrm' };
  fs.mkdirSync(path.join(tree, 'DEBIAN'));
  fs.writeFileSync(path.join(tree, 'DEBIAN', 'control'), control.filter(([, value]) => value).map(([name, value]) => `${name}: ${value}\n`).join(''));
  for (const [option, name] of Object.entries(scripts)) {
    const file = values.get(option);
    if (file === undefined) continue;
    const text = fs.readFileSync(file, 'utf8');
    fs.writeFileSync(path.join(tree, 'DEBIAN', name), text.startsWith('#!') ? text : `#!/bin/sh\n${text}`, { mode: 0o755 });
  }
  const output = values.get('--package');
  fs.rmSync(output, { force: true });
  execFileSync('dpkg-deb', ['--root-owner-group', `-Z${values.get('--deb-compression') ?? 'xz'}`, '--build', tree, output], { stdio: ['ignore', 'inherit', 'inherit'] });
} finally {
  fs.rmSync(tree, { recursive: true, force: true });
}
