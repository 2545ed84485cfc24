/** Where the service keeps its data when nobody says otherwise; the extension and the command line must agree on it. */

export interface HostFacts {
  platform: string;
  env: Readonly<Record<string, string | undefined>>;
  home: string;
}

/** `PIPESCOPE_DATA_DIR`, else the platform's folder for a user's application data. */
export function defaultDataDir({ platform, env, home }: HostFacts): string {
  const chosen = env['PIPESCOPE_DATA_DIR'];
  if (chosen) return chosen;
  if (platform === 'win32') return `${env['LOCALAPPDATA'] ?? `${home}\\AppData\\Local`}\\pipescope`;
  if (platform === 'darwin') return `${home}/Library/Application Support/pipescope`;
  return `${env['XDG_DATA_HOME'] ?? `${home}/.local/share`}/pipescope`;
}

/** `service.json`: where the running service is found. */
export interface ServiceFile {
  url: string;
  ws: string;
  pid: number;
  version: string;
  protocol: number;
}

/** `tokens.json`: two tokens of 256 bit, base64url. `ingest` may only append events, `admin` may do all. */
export interface Tokens {
  ingest: string;
  admin: string;
}

/** The line that `serve` prints on stdout once it listens. */
export interface ReadyLine extends ServiceFile {
  ready: true;
  data_dir: string;
}
