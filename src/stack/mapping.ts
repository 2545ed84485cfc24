/** From the path that a program printed to the paths that may be its file in a workspace. Pure: nothing is looked up here. */

/** A prefix of paths elsewhere (`/app`, `/work/*\/*`), and the folder of the workspace that it stands for. */
export interface PathMapping {
  from: readonly string[];
  to: string;
}

const MOST_MAPPINGS = 100;
/** Names below each other that are compared. */
const MOST_SEGMENTS = 12;

/** The mappings of the setting, the longest prefix first. What is no text is left out. */
export function mappingsOf(setting: unknown): PathMapping[] {
  if (typeof setting !== 'object' || setting === null) return [];
  return Object.entries(setting)
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string')
    .slice(0, MOST_MAPPINGS)
    .map(([from, to]) => ({ from: segmentsOf(from), to: folderOf(to) }))
    .sort((a, b) => b.from.length - a.from.length);
}

/** `${workspaceFolder}/src` is what `src` means anyway. */
function folderOf(to: string): string {
  const path = to.trim().replace(/^\$\{workspaceFolder\}[\\/]?/, '');
  return path.replaceAll('\\', '/').replace(/\/+$/, '');
}

/** The names in a path of any platform, without its drive; `.` is left out. */
export function segmentsOf(path: string): string[] {
  return path
    .replace(/^[A-Za-z]:(?=[\\/])/, '')
    .split(/[\\/]+/)
    .filter((name) => name !== '' && name !== '.');
}

/** Where the mappings say that a file is, the longest prefix first. `*` stands for one folder of any name. */
export function mapped(file: string, mappings: readonly PathMapping[]): string[] {
  const names = segmentsOf(file);
  return mappings
    .filter(
      ({ from }) => from.length < names.length && from.every((name, n) => fits(name, names[n])),
    )
    .map(({ from, to }) =>
      [to, ...names.slice(from.length)].filter((name) => name !== '').join('/'),
    );
}

function fits(wanted: string, name: string | undefined): boolean {
  return wanted === '*' || wanted === name;
}

/** The ends of a path with at least two names, the longest first: `b/c/d.py`, `c/d.py`. */
export function endsOf(file: string): string[] {
  const names = segmentsOf(file).slice(-MOST_SEGMENTS);
  if (names.includes('..')) return [];
  return names.slice(0, -1).map((_, n) => names.slice(n).join('/'));
}

/**
 * The one of some paths that ends most like a file: by two names at least, or by one where there is only one path.
 * Undefined where two are as good: a wrong file is worse than none.
 */
export function mostAlike(file: string, paths: readonly string[]): string | undefined {
  const ranked = paths
    .map((path) => ({ path, same: sameEnd(segmentsOf(file), segmentsOf(path)) }))
    .filter(({ same }) => same >= (paths.length === 1 ? 1 : 2))
    .sort((a, b) => b.same - a.same);
  const [best, second] = ranked;
  return best && best.same !== second?.same ? best.path : undefined;
}

function sameEnd(a: readonly string[], b: readonly string[]): number {
  let same = 0;
  while (same < a.length && same < b.length && a.at(-1 - same) === b.at(-1 - same)) same += 1;
  return same;
}
