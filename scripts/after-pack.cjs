'use strict';
// Finishes the application folder before it is signed or packed: launchers for the headless programs, and
// nothing of the development runtime.
const fs = require('node:fs');
const path = require('node:path');

exports.default = async function afterPack({ appOutDir, electronPlatformName, packager }) {
  const resources = packager.getResourcesDir(appOutDir);
  const [template, extension] = electronPlatformName === 'win32' ? ['program.cmd', '.cmd'] : ['program.sh', ''];
  const launcher = fs.readFileSync(path.join(__dirname, '..', 'assets', 'launchers', template));
  fs.mkdirSync(path.join(resources, 'bin'), { recursive: true });
  for (const file of fs.readdirSync(path.join(resources, 'app.asar.unpacked', 'build'))) {
    const { name } = path.parse(file);
    if (name.startsWith('bitcoin')) fs.writeFileSync(path.join(resources, 'bin', `${name}${extension}`), launcher, { mode: 0o755 });
  }
  // The development runtime brings a loader for unpackaged applications along; a packaged one must not have it.
  if (electronPlatformName !== 'linux') return;
  for (const name of ['resources/default_app.asar', 'version-checked']) fs.rmSync(path.join(appOutDir, name), { force: true });
};
