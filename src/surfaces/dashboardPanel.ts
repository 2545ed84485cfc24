import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { assertNever, messageOf } from '../../service/protocol/errors.ts';
import type { HostMessage, HostRequest, ServiceFrame } from '../../service/protocol/frame.ts';
import { dashboardHtml, vscodeCsp } from '../../service/protocol/page.ts';
import { me } from '../me.ts';
import { type CommandName, commandId } from '../contributions.ts';
import { Lifetime } from '../lifetime.ts';
import type { ChannelSecrets } from '../service/channelSecrets.ts';
import { Connection, type ConnectionState } from '../service/connection.ts';
import type { Endpoint } from '../service/endpoint.ts';
import { Reader } from '../service/reader.ts';
import type { Supervisor } from '../service/supervisor.ts';
import { PanelTitle } from './panelTitle.ts';
import { pickPanelFile, savePanelFile } from './panelFiles.ts';
import { type PanelMessage, parsePanelMessage } from './panelMessages.ts';
import { saidBy } from './saidBy.ts';

export interface PanelParts {
  extensionUri: vscode.Uri;
  supervisor: Supervisor;
  secrets: ChannelSecrets;
  /** Where the layout of this workspace's dashboards is kept. */
  state: vscode.Memento;
}

const LAYOUT = 'dashboard.layout';

/** Where the dashboard's Alerts is to be opened. */
export type AlertsPlace = Omit<Extract<HostMessage, { type: 'show_alerts' }>, 'type'>;
type Show = Extract<HostMessage, { type: 'show_job' | 'compare_jobs' | 'show_alerts' }>;

/**
 * One dashboard: a page, and a line of its own to the service whose frames are passed on as they come. The page may reach
 * nothing but this window. A hidden page does not exist; shown again it says hello anew.
 */
export class DashboardPanel implements vscode.Disposable {
  private readonly lifetime = new Lifetime();
  private readonly connection: Connection;
  private readonly reader: Reader;
  private ready = false;
  private waiting: Show | undefined;
  private readonly title: PanelTitle;

  constructor(
    readonly panel: vscode.WebviewPanel,
    private readonly parts: PanelParts,
  ) {
    const { supervisor } = parts;
    const locate = (): ReturnType<Supervisor['find']> => supervisor.find();
    this.connection = this.lifetime.track(new Connection({ locate, topics: [], client: 'window' }));
    const endpoint = (): Endpoint | undefined =>
      supervisor.state.kind === 'connected' ? supervisor.state.endpoint : undefined;
    this.reader = this.lifetime.track(new Reader(endpoint, (message) => this.post(message)));
    this.title = new PanelTitle((title) => (panel.title = title));
    this.lifetime.track(this.connection.onFrame((frame) => this.passOn(frame)));
    this.lifetime.track(this.connection.onDidChangeState((state) => this.postState(state)));
    this.lifetime.track(
      supervisor.onDidChangeState((state) => {
        if (state.kind === 'connected') this.reconnect();
      }),
    );
    this.lifetime.track(panel.webview.onDidReceiveMessage((message) => this.receive(message)));
    this.lifetime.track(
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.sleep();
      }),
    );
    this.fill();
  }

  /** Shows a job, now or when the page is ready. */
  show(jobId: string, phaseId?: string): void {
    const phase = phaseId === undefined ? {} : { phase_id: phaseId };
    this.waiting = { type: 'show_job', job_id: jobId, ...phase };
    this.postWaiting();
  }

  /** Sets jobs beside each other, now or when the page is ready. */
  compare(jobIds: readonly string[]): void {
    this.waiting = { type: 'compare_jobs', job_ids: [...jobIds] };
    this.postWaiting();
  }

  /** Shows the alerts, a rule or an alert, now or when the page is ready. */
  showAlerts(what: AlertsPlace): void {
    this.waiting = { type: 'show_alerts', ...what };
    this.postWaiting();
  }

  notice(level: 'info' | 'error', message: string): void {
    this.post({ type: 'notice', level, message });
  }

  dispose(): void {
    this.lifetime.dispose();
  }

  private fill(): void {
    const { webview } = this.panel;
    const { extensionUri } = this.parts;
    const uri = (...path: string[]): string =>
      webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, ...path)).toString();
    webview.options = panelOptions(extensionUri);
    const nonce = randomBytes(24).toString('base64url');
    webview.html = dashboardHtml({
      home: 'vscode',
      scriptUri: uri('dist', 'webview', 'webview.js'),
      styleUri: uri('dist', 'webview', 'webview.css'),
      nonce,
      csp: vscodeCsp({ nonce, cspSource: webview.cspSource }),
      language: vscode.env.language,
    });
  }

  private receive(value: unknown): void {
    const message = parsePanelMessage(value);
    if (message) this.take(message);
  }

  private take(message: PanelMessage): void {
    switch (message.type) {
      case 'hello':
        this.hello(message);
        break;
      case 'command':
        if (message.command === 'topics.set') this.title.follow(message.topics);
        this.connection.forward(saidBy(message, me));
        break;
      case 'get':
        this.reader.ask(message.ref, message.path);
        break;
      case 'get_cancel':
        this.reader.cancel(message.ref);
        break;
      case 'host':
        this.run(message);
        break;
      default:
        assertNever(message);
    }
  }

  private hello({ topics, since, epoch }: Extract<PanelMessage, { type: 'hello' }>): void {
    this.ready = true;
    // A page that was loaded anew counts its questions anew.
    this.reader.clear();
    this.post({ type: 'layout', layout: this.parts.state.get(LAYOUT, null) });
    const from = since !== null && epoch !== undefined ? { seq: since, epoch } : undefined;
    this.title.follow(topics);
    this.connection.restart(topics, from);
    this.postWaiting();
    this.parts.supervisor.firstUse();
  }

  private run(request: HostRequest): void {
    const run = (name: CommandName, ...args: unknown[]): void => {
      void vscode.commands.executeCommand(commandId(name), ...args);
    };
    switch (request.action) {
      case 'open_error':
        run('openError', { jobId: request.job_id, phaseId: request.phase_id });
        break;
      case 'export_job':
        run('exportJob', { jobId: request.job_id }, request.format);
        break;
      case 'run_demo':
        run('runDemo');
        break;
      case 'start_service':
        run('startService');
        break;
      case 'open_in_browser':
        run('openInBrowser', request.job_id === undefined ? undefined : { jobId: request.job_id });
        break;
      case 'save_layout':
        this.whenDone(this.parts.state.update(LAYOUT, request.layout ?? undefined));
        break;
      case 'save_file':
        this.whenDone(savePanelFile(request));
        break;
      case 'pick_file':
        this.pick(request);
        break;
      case 'save_secrets':
        this.whenDone(this.parts.secrets.save(request.channel_id, request.secrets));
        break;
      default:
        assertNever(request);
    }
  }

  private passOn(frame: ServiceFrame): void {
    if (frame.type === 'records') this.title.learn(frame.jobs);
    this.post(frame);
  }

  /** Says what came of it to the page: a sentence, or why it failed. */
  private whenDone(work: PromiseLike<unknown>): void {
    void Promise.resolve(work).then(
      (done) => {
        if (typeof done === 'string') this.notice('info', done);
      },
      (error: unknown) => this.notice('error', messageOf(error)),
    );
  }

  private pick(request: Extract<HostRequest, { action: 'pick_file' }>): void {
    const { ref } = request;
    const picked = pickPanelFile(request).catch((error: unknown) => {
      this.notice('error', messageOf(error));
      return null;
    });
    void picked.then((text) => this.post({ type: 'file_picked', ref, text }));
  }

  private reconnect(): void {
    const { kind } = this.connection.state;
    if (this.ready && (kind === 'off' || kind === 'refused')) this.connection.connect();
  }

  private sleep(): void {
    this.ready = false;
    this.reader.clear();
    this.connection.close();
  }

  private postWaiting(): void {
    if (!this.ready || !this.waiting) return;
    this.post(this.waiting);
    this.waiting = undefined;
  }

  private postState(state: ConnectionState): void {
    const { since } = state;
    if (state.kind === 'connected') this.post({ type: 'connection', state: 'connected', since });
    else if (state.kind === 'connecting')
      this.post({ type: 'connection', state: 'connecting', since, ...optional(state.message) });
    else
      this.post({
        type: 'connection',
        state: 'disconnected',
        since,
        ...optional(state.kind === 'refused' ? state.message : undefined),
      });
  }

  private post(message: ServiceFrame | HostMessage): void {
    // A page that is gone answers false; its next hello brings everything.
    if (this.ready) void this.panel.webview.postMessage(message);
  }
}

export function panelOptions(extensionUri: vscode.Uri): vscode.WebviewOptions {
  const folders = ['dist', 'media'].map((folder) => vscode.Uri.joinPath(extensionUri, folder));
  return { enableScripts: true, enableForms: false, localResourceRoots: folders };
}

function optional(message: string | undefined): { message?: string } {
  return message === undefined ? {} : { message };
}
