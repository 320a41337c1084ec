/** Writes the Berkeley DB files in legacy/testdata anew, with Berkeley DB's own program: run by hand. */
import { rmSync } from 'node:fs';
import { writeBerkeleyFile } from './legacy-composer.js';
import { legacyTestdata, testdataFile } from './legacy-wallets.js';

for (const [name, { records, form }] of Object.entries(legacyTestdata)) {
  const file = testdataFile(name);
  rmSync(file, { force: true });
  writeBerkeleyFile(file, records(), form);
}
