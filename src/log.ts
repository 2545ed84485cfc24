/** Where the extension writes what it did; the window's "Pipescope" output channel is one. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}
