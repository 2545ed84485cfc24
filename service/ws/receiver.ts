/** A client as those see it that send to it. */
export interface Receiver {
  /** What it knows up to. */
  seq: number;
  /** True while frames would only pile up. */
  isBehind(): boolean;
  send(text: string): void;
}
