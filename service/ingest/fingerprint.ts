/**
 * The fingerprint of an alert of Prometheus: FNV-1a, 64 bit, over its labels in order of their names, with the byte 255
 * after each name and value (prometheus/common, model/signature.go).
 */
const OFFSET = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;
const MASK = 0xffffffffffffffffn;
const SEPARATOR = 255;
const GIVEN = /^[0-9A-Za-z]{1,64}$/;

interface Labelled {
  fingerprint?: string;
  labels: Readonly<Record<string, string>>;
}

/** The one that was sent, or that of the labels where none was. */
export function fingerprintOf({ fingerprint, labels }: Labelled): string {
  if (fingerprint !== undefined && GIVEN.test(fingerprint)) return fingerprint;
  return labelFingerprint(labels);
}

/** 16 hexadecimal digits. */
export function labelFingerprint(labels: Readonly<Record<string, string>>): string {
  const encoder = new TextEncoder();
  let sum = OFFSET;
  const add = (byte: number) => {
    sum = ((sum ^ BigInt(byte)) * PRIME) & MASK;
  };
  for (const name of Object.keys(labels).sort()) {
    for (const text of [name, labels[name] ?? '']) {
      encoder.encode(text).forEach(add);
      add(SEPARATOR);
    }
  }
  return sum.toString(16).padStart(16, '0');
}
