// Pictures of everything a person sees: node --import tsx test/support/screenshots.ts [regions|page|workbench|workers ...] [--out folder]
// `regions` is every region of a real service in a browser, `page` the whole of it with made-up frames, `workbench` the
// installed extension in VS Code with the demo pipeline, `workers` its Workers view, `alerts` each tab and form of alerts.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './paths.ts';
import { alertPictures } from './screenshots/alerts.ts';
import { pagePictures } from './screenshots/page.ts';
import { regionPictures } from './screenshots/regions.ts';
import { workbenchPictures } from './screenshots/workbench.ts';
import { workersPictures } from './screenshots/workers.ts';

const kinds = {
  regions: regionPictures,
  alerts: alertPictures,
  page: pagePictures,
  workbench: workbenchPictures,
  workers: workersPictures,
};
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string', default: join(root, 'out', 'screenshots') } },
});
mkdirSync(values.out, { recursive: true });
for (const name of positionals.length > 0 ? positionals : Object.keys(kinds)) {
  if (!(name in kinds))
    throw new Error(`There are pictures of ${Object.keys(kinds).join(' and ')}.`);
  await kinds[name as keyof typeof kinds](values.out);
}
