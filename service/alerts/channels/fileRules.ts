/** Names of files that alerts are written to. Pure. */

/** Names that Windows keeps for devices, with any ending. */
const DEVICES = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i;

export function fileNameFault(name: string): string | null {
  if (name.endsWith('.')) return 'Leave out the dot at the end.';
  if (DEVICES.test(name)) return 'Choose another name: Windows keeps this one for a device.';
  if (/\.\d+$/.test(name))
    return 'Choose a name that does not end in "." and a number: older files are named like that.';
  return null;
}
