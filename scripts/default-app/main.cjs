'use strict';
// What `electron PATH` runs first: it loads the application at PATH. `-r MODULE` preloads a module.
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { app } = require('electron');

const preloads = [];
let target;
for (let i = 1; i < process.argv.length && target === undefined; i++) {
  const argument = process.argv[i];
  if (argument === '-r' || argument === '--require') preloads.push(process.argv[++i]);
  else if (!argument.startsWith('-')) target = path.resolve(argument);
}
if (target === undefined) {
  process.stderr.write('usage: electron [-r MODULE] PATH [ARGUMENT…]\n');
  process.exit(2);
}
Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true });
for (const preload of preloads) require(path.resolve(preload));
const manifest = path.join(target, 'package.json');
if (fs.existsSync(manifest)) {
  const { name, productName, version } = JSON.parse(fs.readFileSync(manifest, 'utf8'));
  app.setName(productName ?? name);
  if (version) app.setVersion(version);
  app.setAppPath(target);
} else {
  app.setAppPath(path.dirname(target));
}
Module._load(Module._resolveFilename(target, null, true), module, true);
