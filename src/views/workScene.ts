import type * as vscode from 'vscode';
import type { WorkMirror } from '../workMirror.ts';
import type { Node } from './node.ts';

/** What the rows of the Workers view look at. */
export interface WorkScene {
  readonly work: WorkMirror;
  now(): number;
  /** The row with this id, made once. */
  node<T extends Node>(id: string, make: () => T): T;
}

/** A row of the Workers view. Its hover is made when somebody hovers: a thousand rows are drawn without. */
export interface WorkNode extends Node {
  readonly queue?: string;
  hover?(): vscode.MarkdownString | undefined;
  /** True when its words go on with time and are no longer those on screen. */
  isOutdated?(): boolean;
  /** The rows of tasks below it that were shown last. */
  readonly taskRows?: Iterable<WorkNode>;
}

/** An id that no other name makes, whatever slashes are in it. */
export function rowId(...parts: string[]): string {
  return JSON.stringify(parts);
}
