/** What this window remembers over a reload, per workspace; VS Code's `workspaceState` is one. */
export interface Store {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}
