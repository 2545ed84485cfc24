import * as vscode from 'vscode';
import { Lifetime } from '../lifetime.ts';
import { Throttle } from '../throttle.ts';
import type { Node } from './node.ts';

/** At most four refreshes a second, of the rows that changed only. */
const REFRESH_EVERY_MS = 250;
/** Durations on screen go on this often. */
export const TICK_MS = 1000;
/** A little less than a tick, so that a tick that comes early is not lost. */
export const FRESH_MS = 0.9 * TICK_MS;
const ALL = Symbol('all rows');
/** Longer than the editor takes to ask again for the rows below one that was drawn anew, on a busy machine. */
const LOST_MS = 5000;

/** What the trees have in common: rows that keep their identity, and refreshes that are collected. */
export abstract class Tree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  protected readonly lifetime = new Lifetime();
  private nodes = new Map<string, Node>();
  private readonly refreshedAt = new WeakMap<Node, number>();
  private allRefreshedAt = -Infinity;
  /** Rows whose children the editor shows. */
  private readonly opened = new WeakSet<Node>();
  /** Those of them that were drawn anew, and when: the editor forgets what stands below until it asks again. */
  private readonly forgotten = new Map<Node | typeof ALL, number>();
  private readonly changed = this.lifetime.track(new vscode.EventEmitter<Node[] | undefined>());
  readonly onDidChangeTreeData = this.changed.event;
  private readonly refreshes = this.lifetime.track(
    new Throttle<Node | typeof ALL>(REFRESH_EVERY_MS, (items) => this.fire(items)),
  );

  protected abstract roots(): Node[];

  getTreeItem(node: Node): vscode.TreeItem {
    return node.item();
  }

  getParent(node: Node): Node | undefined {
    return node.parent;
  }

  getChildren(node?: Node): Node[] {
    const since = this.forgotten.get(node ?? ALL);
    this.forgotten.delete(node ?? ALL);
    const rows = node ? node.children() : this.roots();
    // What stands below them was forgotten with them.
    if (since !== undefined)
      for (const row of rows) if (this.opened.has(row)) this.forgotten.set(row, since);
    if (node) this.opened.add(node);
    return rows;
  }

  /**
   * The rows that are on screen, but that the editor cannot name at this moment: a command from one's menu comes without
   * its row. It is so for some milliseconds after each time a row above them was drawn anew.
   */
  lost(): Node[] {
    this.forgetOld();
    const tops = [...this.forgotten.keys()].flatMap((parent) =>
      parent === ALL ? this.roots() : parent.children(),
    );
    return [...new Set(this.withOpened(tops))];
  }

  /** Keeps up with what of it a view shows. */
  shownIn(view: vscode.TreeView<Node>): void {
    this.lifetime.track(view.onDidCollapseElement(({ element }) => this.fold(element, true)));
    this.lifetime.track(view.onDidExpandElement(({ element }) => this.fold(element, false)));
  }

  /** Whether the rows below are on screen. */
  protected fold(node: Node, folded: boolean): void {
    if (!folded) {
      this.opened.add(node);
      return;
    }
    this.opened.delete(node);
    this.forgotten.delete(node);
  }

  node<T extends Node>(id: string, make: () => T): T {
    const known = this.nodes.get(id);
    if (known) return known as T;
    const made = make();
    this.nodes.set(id, made);
    return made;
  }

  protected known(id: string): Node | undefined {
    return this.nodes.get(id);
  }

  protected all(): Iterable<Node> {
    return this.nodes.values();
  }

  /** Forgets the rows that `keep` does not name. */
  protected keepNodes(keep: (node: Node) => boolean): void {
    this.nodes = new Map([...this.nodes].filter(([, node]) => keep(node)));
  }

  protected refresh(node: Node): void {
    this.refreshes.add(node);
  }

  /** Milliseconds since the row was last drawn anew, alone or with all others. */
  protected ageOf(node: Node): number {
    return (
      performance.now() - Math.max(this.allRefreshedAt, this.refreshedAt.get(node) ?? -Infinity)
    );
  }

  protected refreshAll(): void {
    this.refreshes.add(ALL);
  }

  dispose(): void {
    this.lifetime.dispose();
    this.nodes.clear();
    this.forgotten.clear();
  }

  private fire(items: ReadonlySet<Node | typeof ALL>): void {
    const now = performance.now();
    const nodes = [...items].filter((item) => item !== ALL);
    this.forgetOld();
    if (items.has(ALL)) {
      this.allRefreshedAt = now;
      this.forgotten.set(ALL, now);
      this.changed.fire(undefined);
      return;
    }
    for (const node of nodes) {
      this.refreshedAt.set(node, now);
      if (this.opened.has(node)) this.forgotten.set(node, now);
    }
    this.changed.fire(nodes);
  }

  private forgetOld(): void {
    const oldest = performance.now() - LOST_MS;
    for (const [parent, since] of this.forgotten) if (since < oldest) this.forgotten.delete(parent);
  }

  private withOpened(rows: readonly Node[]): Node[] {
    return rows.flatMap((row) =>
      this.opened.has(row) ? [row, ...this.withOpened(row.children())] : [row],
    );
  }
}
