/** This machine as Linux tells it: files of /proc that stay open, each read with one call a look. */
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import type { HostPart, HostValues } from './hostMetrics.ts';
import {
  type Transferred,
  parseActivity,
  parseCpuTicks,
  parseDisks,
  parseLoad,
  parseMemory,
  parseNetwork,
  parsePressure,
} from './hostProc.ts';
import { CpuWindow, Rate } from './hostRates.ts';
import { Cores, Disks, PacketRates, PagingRates, Retransmits, Stalls } from './hostWaits.ts';

const MB = 1024 * 1024;
const MEDIUM_MS = 1000;
const SLOW_MS = 10_000;
/** /proc/stat of a machine with hundreds of cores takes some 50 KB. Looks are taken one after the other. */
const buffer = Buffer.allocUnsafe(128 * 1024);

/** A file that is opened once: reading it anew costs 2 to 8 us instead of 10 to 25. */
class ProcFile {
  readonly #path: string;
  #fd: number | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** The text, or its begin. Throws where the file is not. */
  read(limit = buffer.length): string {
    this.#fd ??= openSync(this.#path, 'r');
    return buffer.toString('latin1', 0, readSync(this.#fd, buffer, 0, limit, 0));
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }
}

/** All that Linux tells without starting a program. */
export function linuxParts(): HostPart[] {
  // Many kernels are built without it: that is nothing to complain of.
  const pressures = existsSync('/proc/pressure') ? PRESSURES.map(pressurePart) : [];
  const processes: HostPart = {
    name: 'list of processes',
    everyMs: SLOW_MS,
    take: async () => ({ host_processes: await countProcesses() }),
  };
  const fast = [cpuPart(), memoryPart()];
  const slow = [activityPart(), loadPart(), ...transferParts(), ...waitParts()];
  return [...fast, ...slow, ...pressures, processes];
}

/** A part that reads one file. */
function filePart(
  path: string,
  part: Omit<HostPart, 'take' | 'close'> & {
    of: (file: ProcFile, elapsed: number) => ReturnType<HostPart['take']>;
  },
): HostPart {
  const file = new ProcFile(path);
  const { name, everyMs, of } = part;
  return { name, everyMs, take: (elapsed) => of(file, elapsed), close: () => file.close() };
}

/** The line of all CPUs together is the first one, and never longer. */
const CPU_LINE = 256;

function cpuPart(): HostPart {
  const window = new CpuWindow();
  const of = (file: ProcFile) => {
    const shares = window.add(parseCpuTicks(file.read(CPU_LINE)));
    return {
      cpu_percent: shares?.busy ?? null,
      host_cpu_user_percent: shares?.user ?? null,
      host_cpu_system_percent: shares?.system ?? null,
      host_cpu_iowait_percent: shares?.iowait ?? null,
      host_cpu_steal_percent: shares?.steal ?? null,
    };
  };
  return filePart('/proc/stat', { name: 'CPU use', everyMs: 0, of });
}

function memoryPart(): HostPart {
  const of = (file: ProcFile) => {
    const { total, free, available, cached, swap_used } = parseMemory(file.read());
    return {
      memory_mb: total - available,
      host_memory_percent: ((total - available) / total) * 100,
      host_memory_free_mb: free,
      host_memory_available_mb: available,
      host_memory_cached_mb: cached,
      host_swap_used_mb: swap_used,
    };
  };
  return filePart('/proc/meminfo', { name: 'memory', everyMs: 0, of });
}

function activityPart(): HostPart {
  const rate = new Rate();
  const cores = new Cores();
  const of = (file: ProcFile, elapsed: number) => {
    const text = file.read();
    const { context_switches, running, blocked } = parseActivity(text);
    return {
      ...cores.add(text),
      host_context_switches_per_s: rate.add(context_switches, elapsed),
      host_processes_running: running,
      host_processes_blocked: blocked,
    };
  };
  return filePart('/proc/stat', { name: 'process activity', everyMs: MEDIUM_MS, of });
}

/** The kernel computes the averages every 5 s: looking at every tick would show nothing more. */
function loadPart(): HostPart {
  const of = (file: ProcFile) => {
    const [host_load_1, host_load_5, host_load_15] = parseLoad(file.read());
    return { host_load_1, host_load_5, host_load_15 };
  };
  return filePart('/proc/loadavg', { name: 'load', everyMs: MEDIUM_MS, of });
}

const PRESSURES = ['cpu', 'io', 'memory'] as const;

function pressurePart(what: (typeof PRESSURES)[number]): HostPart {
  const stalls = new Stalls(what);
  const of = (file: ProcFile, elapsed: number) => {
    const text = file.read();
    const average = { [`host_pressure_${what}_percent`]: parsePressure(text) };
    return { ...average, ...stalls.add(text, elapsed) };
  };
  return filePart(`/proc/pressure/${what}`, { name: `${what} pressure`, everyMs: MEDIUM_MS, of });
}

/** What is not there (a kernel without it, a container that hides it) is left out, without a word. */
function waitParts(): HostPart[] {
  const retransmits = new Retransmits();
  const paging = new PagingRates();
  const parts: [path: string, name: string, take: (text: string, at: number) => HostValues][] = [
    ['/proc/net/snmp', 'TCP', (text, at) => retransmits.add(text, at)],
    ['/proc/vmstat', 'paging', (text, at) => paging.add(text, at)],
  ];
  return parts
    .filter(([path]) => existsSync(path))
    .map(([path, name, take]) =>
      filePart(path, {
        ...{ name, everyMs: MEDIUM_MS },
        of: (file, elapsed) => take(file.read(), elapsed),
      }),
    );
}

function transferParts(): HostPart[] {
  const disks = new TransferRates();
  const work = new Disks();
  const packets = new PacketRates();
  const cards = new TransferRates();
  const isDisk = onlyDevices((name) =>
    existsSync(`/sys/block/${name.replaceAll('/', '!')}/device`),
  );
  const isCard = onlyDevices((name) => existsSync(`/sys/class/net/${name}/device`));
  // In a container no interface has a device: there, all but the loopback count.
  const isInterface = (name: string) => name !== 'lo';
  return [
    filePart('/proc/diskstats', {
      name: 'disk traffic',
      everyMs: MEDIUM_MS,
      of: (file, elapsed) => {
        const text = file.read();
        const { in: read, out: write } = disks.add(parseDisks(text, isDisk), elapsed);
        const waits = work.add(text, elapsed, isDisk);
        return { disk_read_mb_s: read, disk_write_mb_s: write, ...waits };
      },
    }),
    filePart('/proc/net/dev', {
      name: 'network traffic',
      everyMs: MEDIUM_MS,
      of: (file, elapsed) => {
        const text = file.read();
        const { bytes, any } = sumOf(text, isCard);
        const sum = any ? bytes : parseNetwork(text, isInterface);
        const { in: net_in_mb_s, out: net_out_mb_s } = cards.add(sum, elapsed);
        return { net_in_mb_s, net_out_mb_s, ...packets.add(text, elapsed) };
      },
    }),
  ];
}

function sumOf(text: string, counts: (name: string) => boolean) {
  let any = false;
  const bytes = parseNetwork(text, (name) => {
    const counted = counts(name);
    any ||= counted;
    return counted;
  });
  return { bytes, any };
}

/** Names whose answer is kept: more would be a machine that makes interfaces without end. */
const KEPT_NAMES = 256;

/** Asks once a name: bridges, partitions, loops and memory disks would count the same bytes again. */
function onlyDevices(isDevice: (name: string) => boolean): (name: string) => boolean {
  const known = new Map<string, boolean>();
  return (name) => {
    let is = known.get(name);
    if (is === undefined) {
      if (known.size >= KEPT_NAMES) known.clear();
      known.set(name, (is = isDevice(name)));
    }
    return is;
  };
}

class TransferRates {
  readonly #in = new Rate();
  readonly #out = new Rate();

  /** MB a second. */
  add(bytes: Transferred, elapsed: number): { in: number | null; out: number | null } {
    return {
      in: this.#in.add(bytes.in / MB, elapsed),
      out: this.#out.add(bytes.out / MB, elapsed),
    };
  }
}

async function countProcesses(): Promise<number> {
  const names = await readdir('/proc');
  return names.reduce((count, name) => count + (/^\d+$/.test(name) ? 1 : 0), 0);
}
