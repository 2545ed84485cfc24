import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. Inside VS Code the tests are one bundle, so there the runner says where it is. */
export const root =
  process.env.PIPESCOPE_ROOT ?? join(dirname(fileURLToPath(import.meta.url)), '..', '..');
