import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startProcess, type TrackedProcess } from '../processes.ts';
import type { Host } from './hosts.ts';
import { quietSettings } from './settings.ts';

export interface ServerOptions {
  /** Where the server keeps everything it writes, user settings and extensions included. */
  dataFolder: string;
  settings?: Record<string, unknown> | undefined;
  extensionsFolder?: string | undefined;
  env?: NodeJS.ProcessEnv | undefined;
  args?: string[] | undefined;
  /**
   * Needed for an extension under development in 1.139, which then shows no notification toasts and no modal editors; so tests of an installed
   * extension leave it out.
   */
  smokeTestDriver?: boolean | undefined;
}

export interface WindowOptions {
  folder?: string | undefined;
  workspace?: string | undefined;
  /** Absolute path of an extension under development. */
  extension?: string | undefined;
  /** Absolute path of the module whose `run` the extension host calls. */
  tests?: string | undefined;
}

/** A VS Code server on a free port of the loopback interface; its whole process group ends with `stop`. */
export class VscodeServer {
  private constructor(
    readonly process: TrackedProcess,
    readonly port: number,
  ) {}

  static async start(host: Host, options: ServerOptions): Promise<VscodeServer> {
    const userFolder = join(options.dataFolder, 'data/User');
    mkdirSync(userFolder, { recursive: true });
    const settings = { ...quietSettings, ...options.settings };
    writeFileSync(join(userFolder, 'settings.json'), JSON.stringify(settings));
    const server = startProcess(host.node, serverArgs(host, options), {
      env: serverEnv(options),
      group: true,
    });
    const [, port] = await server.waitForOutput(/Extension host agent listening on (\d+)/, 60_000);
    return new VscodeServer(server, Number(port));
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Address of a window. */
  url({ folder, workspace, extension, tests }: WindowOptions): string {
    const query = new URLSearchParams();
    if (workspace) query.set('workspace', workspace);
    else if (folder) query.set('folder', folder);
    else query.set('ew', 'true');
    const remote = (path: string): string => `vscode-remote://127.0.0.1:${this.port}${path}`;
    const payload: [string, string][] = [];
    if (extension) payload.push(['extensionDevelopmentPath', remote(extension)]);
    if (tests) payload.push(['extensionTestsPath', remote(tests)]);
    if (payload.length > 0) query.set('payload', JSON.stringify(payload));
    return `${this.origin}/?${query}`;
  }

  async stop(): Promise<void> {
    await this.process.stop();
  }
}

function serverArgs(host: Host, options: ServerOptions): string[] {
  const { dataFolder, extensionsFolder, args = [], smokeTestDriver = false } = options;
  return [
    join(host.folder, 'out/server-main.js'),
    ...['--host', '127.0.0.1', '--port', '0', '--without-connection-token'],
    ...['--accept-server-license-terms', '--telemetry-level', 'off', '--disable-workspace-trust'],
    ...['--force-disable-user-env', '--enable-remote-auto-shutdown'],
    ...['--server-data-dir', dataFolder],
    ...(smokeTestDriver ? ['--enable-smoke-test-driver'] : []),
    ...(extensionsFolder ? ['--extensions-dir', extensionsFolder] : []),
    ...args,
  ];
}

/** Without the variables of a surrounding VS Code, without a gallery, and without the chat extension of 1.139. */
function serverEnv({ dataFolder, env }: ServerOptions): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([key]) => !/^(VSCODE|ELECTRON)_/.test(key));
  // Servers leave their sockets behind: they shall lie where they are removed.
  const temporary = join(dataFolder, 'tmp');
  mkdirSync(temporary, { recursive: true });
  return {
    ...Object.fromEntries(inherited),
    TMPDIR: temporary,
    XDG_RUNTIME_DIR: temporary,
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
    VSCODE_SKIP_BUILTIN_EXTENSIONS: 'GitHub.copilot-chat',
    ...env,
  };
}
