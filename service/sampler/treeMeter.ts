/** CPU of a process tree between two looks, as percent of the whole machine. */
import { type ProcessInfo, treeOf } from './processTree.ts';

export interface Usage {
  /** Percent of all cores together, 0 to 100. */
  cpu_percent: number;
  memory_mb: number;
  processes: number;
}

export class TreeMeter {
  readonly pid: number;
  readonly #cores: number;
  #started: string | undefined;
  #cpu = new Map<number, number>();
  #at: number | undefined;
  #looks = 0;

  constructor(pid: number, cores: number) {
    this.pid = pid;
    this.#cores = cores;
  }

  /** The first look has no CPU to tell; null when the process is gone, or its pid belongs to another one now. */
  look(processes: readonly ProcessInfo[], elapsed: number): Usage | null {
    this.#looks++;
    const tree = treeOf(processes, this.pid);
    const root = tree[0];
    if (root === undefined) return null;
    this.#started ??= root.started;
    if (root.started !== this.#started) return null;
    const used = tree.reduce(
      (sum, info) => sum + Math.max(0, info.cpu_ms - (this.#cpu.get(info.pid) ?? 0)),
      0,
    );
    const wall = this.#at === undefined ? 0 : elapsed - this.#at;
    this.#cpu = new Map(tree.map((info) => [info.pid, info.cpu_ms]));
    this.#at = elapsed;
    const memory_mb = tree.reduce((sum, info) => sum + info.memory_mb, 0);
    const cpu_percent = wall > 0 ? Math.min(100, (used / wall / this.#cores) * 100) : 0;
    return { cpu_percent: round(cpu_percent), memory_mb: round(memory_mb), processes: tree.length };
  }

  /** How often it was looked at. */
  get looks(): number {
    return this.#looks;
  }

  /** True after the first look: from then on CPU is known. */
  get isWarm(): boolean {
    return this.#at !== undefined;
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
