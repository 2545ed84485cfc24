import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchChromium } from '../chromium.ts';
import { startProcess } from '../processes.ts';
import { makeTempDir, removeTempDir } from '../tempDir.ts';
import { Bridge, bridgeExtension } from './bridge.ts';
import { currentHostName, requireHost, type Host, type HostName } from './hosts.ts';
import { VscodeServer } from './server.ts';
import {
  endService,
  killServiceAtExit,
  postEvents,
  waitForService,
  type ServiceInfo,
} from './service.ts';
import { themes, type ThemeName } from './settings.ts';
import { runCommand, workbenchReady } from './ui/index.ts';
import { builtVsix } from './vsix.ts';

export interface SessionOptions {
  /** Default: the host this process tests (PIPESCOPE_VSCODE). */
  host?: HostName;
  /** Folder opened in the window. Default: a new empty one. */
  folder?: string;
  /** User settings from the start; later ones go through `setSettings`. */
  settings?: Record<string, unknown>;
  /** Added to the environment of the extension host. */
  env?: NodeJS.ProcessEnv;
  /** Extensions to install. Default: Pipescope, packaged from this checkout. */
  vsix?: string[];
  /** Data directory of the service, which then is the caller's to end (`endService`). Default: a new one, which ends with the session. */
  dataFolder?: string;
  /** Display language, such as `de`: of extensions, not of the workbench itself. */
  locale?: string;
  viewport?: { width: number; height: number };
}

/**
 * A VS Code window with Pipescope installed as a user has it: a server, a headless Chromium, and a line into the extension host. Its service keeps to
 * a data directory of its own. Close it in `after`.
 *
 *   import { needsVscode } from '../support/skip.ts';
 *   import { openSession, type Session } from '../support/vscode/session.ts';
 *   import { openContainer, runCommand, statusBar, tree } from '../support/vscode/ui/index.ts';
 *
 *   describe('the jobs tree', function () {
 *     needsVscode();
 *     let session: Session;
 *     before(async () => (session = await openSession()));
 *     after(() => session?.close());
 *
 *     it('shows a job that has started', async () => {
 *       await openContainer(session.page, 'Pipescope');
 *       await session.postEvents([{ type: 'job.started', job_id: 'j1', name: 'Nightly' }]);
 *       await tree.row(session.page, 'Nightly').waitFor();
 *       const count = await session.host.eval((id, vscode) => vscode.extensions.all.filter((e) => e.id === id).length, 'pipescope.pipescope');
 *       assert.equal(count, 1);
 *     });
 *   });
 */
export async function openSession(options: SessionOptions = {}): Promise<Session> {
  const session = new Session(options);
  try {
    await session.open();
    return session;
  } catch (error) {
    await session.close();
    throw error;
  }
}

export class Session {
  /** Console messages and errors of the windows and their webviews, each with the address of the script. */
  readonly log: string[] = [];
  readonly vscode: Host;
  /** The opened folder. */
  readonly folder: string;
  /** Data directory of the service this window starts or attaches to. */
  readonly dataFolder: string;
  readonly #options: SessionOptions;
  readonly #ownFolders: string[] = [];
  readonly #serverFolder = this.#makeFolder('server');
  #bridge: Bridge | undefined;
  #server: VscodeServer | undefined;
  #browser: Browser | undefined;
  #context: BrowserContext | undefined;
  #page: Page | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.vscode = requireHost(options.host ?? currentHostName());
    this.folder = options.folder ?? this.#makeFolder('workspace');
    this.dataFolder = options.dataFolder ?? this.#makeFolder('data');
    if (!options.dataFolder) killServiceAtExit(this.dataFolder);
  }

  /** The first window. */
  get page(): Page {
    return opened(this.#page);
  }

  get context(): BrowserContext {
    return opened(this.#context);
  }

  get server(): VscodeServer {
    return opened(this.#server);
  }

  /** Runs code in the extension host of the window opened last. */
  get host(): Bridge {
    return opened(this.#bridge);
  }

  async open(): Promise<void> {
    this.#bridge = await Bridge.open();
    await this.#install(this.#options.vsix ?? [await builtVsix()]);
    this.#server = await VscodeServer.start(this.vscode, {
      dataFolder: this.#serverFolder,
      settings: this.#options.settings,
      args: this.#localeArgs(),
      env: { PIPESCOPE_DATA_DIR: this.dataFolder, ...this.#options.env, ...this.#bridge.env },
    });
    this.#browser = await launchChromium();
    const viewport = this.#options.viewport ?? { width: 1400, height: 900 };
    this.#context = await this.#browser.newContext({ viewport, acceptDownloads: true });
    // The TypeScript loader of the tests wraps inner functions of `evaluate` calls in this.
    await this.#context.addInitScript('globalThis.__name = (f) => f;');
    const { origin } = this.#server;
    await this.#context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
    this.#page = await this.openWindow();
  }

  /** One more window on the same server, with this folder. Resolves when its extension host answers. */
  async openWindow(folder = this.folder): Promise<Page> {
    const before = this.host.generation;
    const page = await this.context.newPage();
    page.on('console', (message) => {
      this.log.push(`${message.type()} ${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => this.log.push(`pageerror ${error.message}`));
    await page.goto(this.server.url({ folder }));
    await workbenchReady(page);
    await this.host.connected(before);
    return page;
  }

  /** Reloads the first window by VS Code's own command, the only reliable way to have panels restored. */
  async reload(): Promise<void> {
    const before = this.host.generation;
    await runCommand(this.page, 'Developer: Reload Window');
    await this.host.connected(before);
    await workbenchReady(this.page);
  }

  /** Changes user settings through the API; the settings file is read at the start only. */
  setSettings(settings: Record<string, unknown>): Promise<void> {
    return this.host.eval(async (values, { workspace, ConfigurationTarget }) => {
      for (const [name, value] of Object.entries(values)) {
        await workspace.getConfiguration().update(name, value, ConfigurationTarget.Global);
      }
    }, settings);
  }

  /** Resolves when the workbench is painted in the theme. */
  async setTheme(name: ThemeName): Promise<void> {
    const { id, workbench } = themes[name];
    await this.setSettings({ 'workbench.colorTheme': id });
    await this.page.waitForSelector(`.monaco-workbench.${workbench}`);
  }

  /** The service of this session, when it is ready. */
  service(): Promise<ServiceInfo> {
    return waitForService(this.dataFolder);
  }

  /** Sends events to it as a pipeline does. */
  postEvents(events: readonly object[]): Promise<void> {
    return postEvents(this.dataFolder, events);
  }

  /** Ends everything the session has started, the service on its own data directory too. */
  async close(): Promise<void> {
    await this.#browser?.close();
    await this.#server?.stop();
    this.#bridge?.close();
    if (!this.#options.dataFolder) await endService(this.dataFolder);
    this.#ownFolders.forEach(removeTempDir);
  }

  async #install(files: string[]): Promise<void> {
    const extensions = join(this.#serverFolder, 'extensions');
    mkdirSync(extensions);
    // A folder of this name counts as installed.
    cpSync(bridgeExtension, join(extensions, 'pipescope-test.bridge-0.0.1'), { recursive: true });
    for (const file of files) {
      const installer = startProcess(this.vscode.node, [
        join(this.vscode.folder, 'out/server-main.js'),
        '--accept-server-license-terms',
        ...['--server-data-dir', this.#serverFolder, '--extensions-dir', extensions],
        ...['--install-extension', file],
      ]);
      const { code } = await installer.exited;
      if (code !== 0) throw new Error(`Could not install ${file}:\n${installer.stderr}`);
    }
  }

  /** An empty language pack is enough for VS Code to hand the locale to extensions. */
  #localeArgs(): string[] {
    const { locale } = this.#options;
    if (!locale) return [];
    const data = join(this.#serverFolder, 'data');
    mkdirSync(data, { recursive: true });
    const translations = join(this.#serverFolder, 'main.i18n.json');
    writeFileSync(translations, JSON.stringify({ version: '1.0.0', contents: {} }));
    const extension = {
      extensionIdentifier: { id: 'pipescope-test.language', uuid: '0' },
      version: '0.0.1',
    };
    const pack = {
      hash: 'test',
      label: locale,
      extensions: [extension],
      translations: { vscode: translations },
    };
    writeFileSync(join(data, 'languagepacks.json'), JSON.stringify({ [locale]: pack }));
    return ['--locale', locale];
  }

  #makeFolder(label: string): string {
    const folder = makeTempDir(label);
    this.#ownFolders.push(folder);
    return folder;
  }
}

function opened<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('The session is not open');
  return part;
}
