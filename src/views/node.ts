import type * as vscode from 'vscode';
import type { Target } from '../target.ts';

/** One row of a tree. The same row is the same object for as long as it is shown. */
export interface Node extends Target {
  /** Unique in its tree and stable, so that expanded rows stay expanded. */
  readonly id: string;
  readonly parent: Node | undefined;
  item(): vscode.TreeItem;
  children(): Node[];
}
