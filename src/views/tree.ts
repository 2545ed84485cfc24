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

/** What the trees have in common: rows that keep their identity, and refreshes that are collected. */
export abstract class Tree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  protected readonly lifetime = new Lifetime();
  private nodes = new Map<string, Node>();
  private readonly refreshedAt = new WeakMap<Node, number>();
  private allRefreshedAt = -Infinity;
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
    return node ? node.children() : this.roots();
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
  }

  private fire(items: ReadonlySet<Node | typeof ALL>): void {
    const now = performance.now();
    const nodes = [...items].filter((item) => item !== ALL);
    if (items.has(ALL)) {
      this.allRefreshedAt = now;
      this.changed.fire(undefined);
      return;
    }
    for (const node of nodes) this.refreshedAt.set(node, now);
    this.changed.fire(nodes);
  }
}
