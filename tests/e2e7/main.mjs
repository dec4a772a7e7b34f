// main.mjs - all cases against one running system: node main.mjs [part-of-name]
import {readdirSync} from 'node:fs';

import {drive} from './lib/driver.mjs';

const here = new URL('cases/', import.meta.url);
for (const file of readdirSync(here).filter((f) => f.endsWith('.mjs')).sort())
	await import(new URL(file, here));
process.exit(await drive(process.argv.slice(2)) ? 1 : 0);
