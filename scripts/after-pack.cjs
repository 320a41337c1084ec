'use strict';
// The development runtime brings a loader for unpackaged applications along; a packaged one must not have it.
const fs = require('node:fs');
const path = require('node:path');

exports.default = async function afterPack({ appOutDir, electronPlatformName }) {
  if (electronPlatformName !== 'linux') return;
  for (const name of ['resources/default_app.asar', 'version-checked']) fs.rmSync(path.join(appOutDir, name), { force: true });
};
