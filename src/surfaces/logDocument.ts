import * as vscode from 'vscode';
import { LOG_SCHEME } from '../contributions.ts';
import type { Interest } from '../interest.ts';
import { type Disposable, Lifetime } from '../lifetime.ts';
import type { Mirror } from '../mirror.ts';
import { Throttle } from '../throttle.ts';
import { rangeOf, showFile } from '../vscode/files.ts';
import { documentUri, fileName, frameLinks, idOf } from './documents.ts';
import { type LogText, logText } from './logText.ts';

const REFRESH_EVERY_MS = 500;
const ANSWER_LIMIT_MS = 3000;

/** The log of a job as a document that cannot be edited and grows while the job runs. */
export class LogDocuments
  implements vscode.TextDocumentContentProvider, vscode.DocumentLinkProvider
{
  private readonly lifetime = new Lifetime();
  /** Open documents want their job's phases and logs. */
  private readonly open = new Map<string, Disposable>();
  private readonly changed = this.lifetime.track(new vscode.EventEmitter<vscode.Uri>());
  readonly onDidChange = this.changed.event;
  private readonly refreshes = this.lifetime.track(
    new Throttle<string>(REFRESH_EVERY_MS, (jobIds) => this.refresh(jobIds)),
  );

  constructor(
    private readonly mirror: Mirror,
    private readonly interest: Interest,
  ) {
    const { lifetime } = this;
    const selector = { scheme: LOG_SCHEME };
    lifetime.track(vscode.workspace.registerTextDocumentContentProvider(LOG_SCHEME, this));
    lifetime.track(vscode.languages.registerDocumentLinkProvider(selector, this));
    lifetime.track(
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme === LOG_SCHEME) this.close(idOf(uri));
      }),
    );
    lifetime.track(
      mirror.onDidChange(({ reset, jobs, details, removedJobs }) => {
        const touched = reset ? this.open.keys() : [...jobs, ...details.keys(), ...removedJobs];
        for (const jobId of touched) if (this.open.has(jobId)) this.refreshes.add(jobId);
      }),
    );
  }

  uriOf(jobId: string, name: string): vscode.Uri {
    return documentUri(LOG_SCHEME, jobId, `${fileName(name) || 'job'}.log`);
  }

  /** The line, from 0, at which a phase's error begins in the job's document. */
  lineOf(jobId: string, phaseId: string | null): number {
    return this.textOf(jobId).anchors.get(phaseId ?? '') ?? 0;
  }

  async show(jobId: string, phaseId: string | null): Promise<void> {
    const asked = this.interest.ask(jobId);
    try {
      await this.detailsOf(jobId);
      const name = this.mirror.jobs.get(jobId)?.name ?? jobId;
      const line = this.lineOf(jobId, phaseId) + 1;
      await showFile(this.uriOf(jobId, name), rangeOf({ line, column: 1 }));
    } finally {
      asked.dispose(); // from here on the open document itself wants it
    }
  }

  /** Waits until the phases of a job are here, at most 3 s: without them less is shown, not nothing. */
  async detailsOf(jobId: string): Promise<void> {
    if (this.mirror.details(jobId)) return;
    const asked = this.interest.ask(jobId);
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        listening.dispose();
        resolve();
      };
      const timer = setTimeout(end, ANSWER_LIMIT_MS);
      const listening = this.mirror.onDidChange(({ details }) => {
        if (details.has(jobId)) end();
      });
    });
    asked.dispose();
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    const jobId = idOf(uri);
    if (!this.open.has(jobId)) this.open.set(jobId, this.interest.ask(jobId));
    return this.textOf(jobId).text;
  }

  provideDocumentLinks(document: vscode.TextDocument): Promise<vscode.DocumentLink[]> {
    return frameLinks(document);
  }

  dispose(): void {
    for (const jobId of [...this.open.keys()]) this.close(jobId);
    this.lifetime.dispose();
  }

  private textOf(jobId: string): LogText {
    const logs = [...(this.mirror.details(jobId)?.logs.values() ?? [])];
    const phases = this.mirror.phases(jobId);
    return logText({ job: this.mirror.jobs.get(jobId), phases, logs }, Date.now());
  }

  private refresh(jobIds: ReadonlySet<string>): void {
    for (const { uri } of vscode.workspace.textDocuments)
      if (uri.scheme === LOG_SCHEME && jobIds.has(idOf(uri))) this.changed.fire(uri);
  }

  private close(jobId: string): void {
    this.open.get(jobId)?.dispose();
    this.open.delete(jobId);
  }
}
