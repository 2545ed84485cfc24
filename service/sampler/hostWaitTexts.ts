/** What the texts of /proc say of waiting: pressure, cores, disks, interfaces, TCP, memory. Pure; what is absent is null. */

/** Microseconds since boot in which something waited, and in which all that had work waited; null: not told. */
export interface Pressure {
  some: number;
  full: number | null;
}

/** A file of /proc/pressure (Documentation/accounting/psi.rst). Kernels before 5.13 tell no `full` of the CPU. */
export function parsePressureTotals(text: string): Pressure {
  const some = totalOf(text, 'some ');
  if (some === null) throw new Error('there is no total behind "some"');
  return { some, full: totalOf(text, 'full ') };
}

function totalOf(text: string, label: string): number | null {
  const begin = text.startsWith(label) ? 0 : text.indexOf(`\n${label}`);
  if (begin === -1) return null;
  const at = text.indexOf('total=', begin);
  return at === -1 ? null : numberAt(text, at + 'total='.length);
}

function numberAt(text: string, at: number): number | null {
  const value = Number.parseInt(text.slice(at, at + 24), 10);
  return Number.isFinite(value) ? value : null;
}

/** Ticks since boot of one core. */
export interface CoreTicks {
  busy: number;
  total: number;
  softirq: number;
}

/** The lines `cpu0`, `cpu1` ... of /proc/stat, in their order. */
export function parseCores(text: string): CoreTicks[] {
  const cores: CoreTicks[] = [];
  for (const line of text.split('\n')) {
    if (!line.startsWith('cpu')) break;
    if (line.startsWith('cpu ')) continue;
    const fields = line.split(' ').slice(1, 9).map(Number);
    const total = fields.reduce((sum, ticks) => sum + ticks, 0);
    if (!Number.isFinite(total)) continue;
    const idle = (fields[3] ?? 0) + (fields[4] ?? 0);
    cores.push({ busy: total - idle, total, softirq: fields[6] ?? 0 });
  }
  return cores;
}

/** What one disk has done since boot. */
export interface DiskWork {
  requests: number;
  /** Milliseconds: of all requests together, and in which it had at least one. */
  waited_ms: number;
  busy_ms: number;
}

/** /proc/diskstats (Documentation/admin-guide/iostats.rst): the disks that `counts` names. */
export function parseDiskWork(
  text: string,
  counts: (name: string) => boolean,
): Map<string, DiskWork> {
  const disks = new Map<string, DiskWork>();
  for (const line of text.split('\n')) {
    const fields = line.trim().split(/ +/);
    const name = fields[2];
    if (name === undefined || !counts(name)) continue;
    const at = (n: number): number => Number(fields[n] ?? Number.NaN);
    const work = { requests: at(3) + at(7), waited_ms: at(6) + at(10), busy_ms: at(12) };
    if (Number.isFinite(work.requests + work.waited_ms + work.busy_ms)) disks.set(name, work);
  }
  return disks;
}

/** What went over the loopback since boot, and the packets of every interface. */
export interface Packets {
  loopback_bytes: number;
  packets: number;
}

/** /proc/net/dev. A packet on the loopback is sent and received at once: it counts once. */
export function parsePackets(text: string): Packets {
  const sum = { loopback_bytes: 0, packets: 0 };
  for (const line of text.split('\n').slice(2)) {
    const colon = line.indexOf(':');
    if (colon === -1) continue;
    const fields = line
      .slice(colon + 1)
      .trim()
      .split(/ +/)
      .map(Number);
    const isLoopback = line.slice(0, colon).trim() === 'lo';
    if (isLoopback) sum.loopback_bytes += fields[0] ?? 0;
    sum.packets += (fields[1] ?? 0) + (isLoopback ? 0 : (fields[9] ?? 0));
  }
  return sum;
}

export interface Segments {
  sent: number;
  again: number;
}

/** The two lines of TCP in /proc/net/snmp: names, then numbers. Null where there are none. */
export function parseSegments(text: string): Segments | null {
  const [names, values] = text
    .split('\n')
    .filter((line) => line.startsWith('Tcp: '))
    .map((line) => line.split(' '));
  const of = (name: string): number => Number(values?.[names?.indexOf(name) ?? -1] ?? Number.NaN);
  const told = { sent: of('OutSegs'), again: of('RetransSegs') };
  return Number.isFinite(told.sent + told.again) ? told : null;
}

/** Pages since boot: moved to or from swap, and read again that had been dropped for want of memory. */
export interface Paging {
  swapped: number;
  refaulted: number;
}

/** /proc/vmstat. Kernels before 5.9 tell one number of all that was read again. */
export function parsePaging(text: string): Paging {
  const all = `\n${text}`;
  const of = (name: string): number => {
    const label = `\n${name} `;
    const at = all.indexOf(label);
    return at === -1 ? 0 : (numberAt(all, at + label.length) ?? 0);
  };
  const refaulted = of('workingset_refault_anon') + of('workingset_refault_file');
  return {
    swapped: of('pswpin') + of('pswpout'),
    refaulted: refaulted || of('workingset_refault'),
  };
}
