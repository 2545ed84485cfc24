import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { TaskRecord } from '../../service/protocol/domain.ts';
import { TASK_SCHEME } from '../contributions.ts';
import { Lifetime } from '../lifetime.ts';
import type { Mirror } from '../mirror.ts';
import { rangeOf, showFile } from '../vscode/files.ts';
import { documentUri, fileName, frameLinks, idOf } from './documents.ts';
import { taskText } from './taskText.ts';

/** A task and its error as a document that cannot be edited. */
export class TaskDocuments
  implements vscode.TextDocumentContentProvider, vscode.DocumentLinkProvider
{
  private readonly lifetime = new Lifetime();
  /** As last known, for as long as the document is open: the service forgets tasks. */
  private readonly open = new Map<string, TaskRecord>();
  private readonly changed = this.lifetime.track(new vscode.EventEmitter<vscode.Uri>());
  readonly onDidChange = this.changed.event;

  constructor(private readonly mirror: Mirror) {
    const { lifetime } = this;
    const selector = { scheme: TASK_SCHEME };
    lifetime.track(vscode.workspace.registerTextDocumentContentProvider(TASK_SCHEME, this));
    lifetime.track(vscode.languages.registerDocumentLinkProvider(selector, this));
    lifetime.track(
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme === TASK_SCHEME) this.open.delete(idOf(uri));
      }),
    );
    lifetime.track(mirror.onDidChange(({ work }) => this.refresh(work.tasks)));
  }

  async show(task: TaskRecord): Promise<void> {
    this.open.set(task.task_id, task);
    const { line } = taskText(task, Date.now());
    await showFile(uriOf(task.task_id), rangeOf({ line: line + 1, column: 1 }));
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    const id = idOf(uri);
    const task = this.mirror.work.tasks.get(id) ?? this.open.get(id);
    if (!task) return `${t('This task is not known here. Open it from the Workers view.')}\n`;
    this.open.set(id, task);
    return taskText(task, Date.now()).text;
  }

  provideDocumentLinks(document: vscode.TextDocument): Promise<vscode.DocumentLink[]> {
    return frameLinks(document);
  }

  dispose(): void {
    this.open.clear();
    this.lifetime.dispose();
  }

  private refresh(taskIds: ReadonlySet<string>): void {
    for (const id of this.open.keys()) if (taskIds.has(id)) this.changed.fire(uriOf(id));
  }
}

function uriOf(taskId: string): vscode.Uri {
  return documentUri(TASK_SCHEME, taskId, `${fileName(taskId) || 'task'}.log`);
}
