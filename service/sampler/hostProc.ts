/** What the texts of /proc say (proc(5)). Pure; every function throws a sentence where the text is another. */

/** CPU time of all cores together since boot, in ticks. */
export interface CpuTicks {
  user: number;
  system: number;
  iowait: number;
  steal: number;
  idle: number;
  total: number;
}

/** The first line of /proc/stat. Guest time is in user time already. */
export function parseCpuTicks(text: string): CpuTicks {
  const end = text.indexOf('\n');
  const fields = text.slice(0, end === -1 ? undefined : end).split(/ +/);
  if (fields[0] !== 'cpu') throw new Error('/proc/stat does not begin with "cpu"');
  // Kernels before 2.6.11 tell no steal: what is absent is 0.
  const at = (n: number) => Number(fields[n] ?? 0);
  const ticks = { user: at(1) + at(2), system: at(3) + at(6) + at(7), idle: at(4) };
  const { user, system, idle } = ticks;
  const all = { ...ticks, iowait: at(5), steal: at(8) };
  const total = user + system + idle + all.iowait + all.steal;
  if (!Number.isFinite(total)) throw new Error('/proc/stat holds no numbers');
  return { ...all, total };
}

export interface Activity {
  /** Since boot. */
  context_switches: number;
  running: number;
  blocked: number;
}

/** The lines of /proc/stat behind those of the CPUs. */
export function parseActivity(text: string): Activity {
  return {
    context_switches: numberAfter(text, '\nctxt '),
    running: numberAfter(text, '\nprocs_running '),
    blocked: numberAfter(text, '\nprocs_blocked '),
  };
}

/** MB each. */
export interface MemoryInfo {
  total: number;
  free: number;
  available: number;
  cached: number;
  swap_used: number;
}

const KB_IN_MB = 1024;

/** /proc/meminfo, whose first line is MemTotal. Kernels before 3.14 tell no MemAvailable: free and cached then. */
export function parseMemory(text: string): MemoryInfo {
  const all = `\n${text}`;
  const mb = (name: string) => numberAfter(all, `\n${name}:`) / KB_IN_MB;
  const free = mb('MemFree');
  const cached = mb('Cached') + mb('Buffers');
  return {
    total: mb('MemTotal'),
    free,
    available: all.includes('\nMemAvailable:') ? mb('MemAvailable') : free + cached,
    cached,
    swap_used: mb('SwapTotal') - mb('SwapFree'),
  };
}

/** /proc/loadavg: the averages of 1, 5 and 15 minutes. */
export function parseLoad(text: string): [number, number, number] {
  const [one, five, fifteen] = text.split(' ').map(Number.parseFloat);
  const told = one !== undefined && five !== undefined && fifteen !== undefined;
  if (!told || !Number.isFinite(one + five + fifteen))
    throw new Error('/proc/loadavg holds no three numbers');
  return [one, five, fifteen];
}

/** A file of /proc/pressure: percent of the last 10 s in which something waited. */
export function parsePressure(text: string): number {
  return numberAfter(text, 'some avg10=');
}

/** Bytes since boot. */
export interface Transferred {
  in: number;
  out: number;
}

const SECTOR_BYTES = 512;

/** /proc/diskstats: what was read and written of the disks that `counts` names. */
export function parseDisks(text: string, counts: (name: string) => boolean): Transferred {
  const sum = { in: 0, out: 0 };
  for (const line of text.split('\n')) {
    const fields = line.trim().split(/ +/);
    const name = fields[2];
    if (name === undefined || !counts(name)) continue;
    sum.in += Number(fields[5]) * SECTOR_BYTES;
    sum.out += Number(fields[9]) * SECTOR_BYTES;
  }
  return checked(sum, '/proc/diskstats');
}

/** /proc/net/dev: what came in and went out on the interfaces that `counts` names. */
export function parseNetwork(text: string, counts: (name: string) => boolean): Transferred {
  const sum = { in: 0, out: 0 };
  for (const line of text.split('\n').slice(2)) {
    const colon = line.lastIndexOf(':');
    const name = line.slice(0, Math.max(0, colon)).trim();
    if (name === '' || !counts(name)) continue;
    const fields = line
      .slice(colon + 1)
      .trim()
      .split(/ +/);
    sum.in += Number(fields[0]);
    sum.out += Number(fields[8]);
  }
  return checked(sum, '/proc/net/dev');
}

function checked(sum: Transferred, file: string): Transferred {
  if (!Number.isFinite(sum.in + sum.out)) throw new Error(`${file} holds no numbers`);
  return sum;
}

function numberAfter(text: string, label: string): number {
  const begin = text.indexOf(label);
  const value = begin === -1 ? Number.NaN : Number.parseFloat(text.slice(begin + label.length));
  if (!Number.isFinite(value)) throw new Error(`there is no number behind "${label.trim()}"`);
  return value;
}
