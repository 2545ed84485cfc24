import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ByteReader, ByteWriter } from '../../../service/series/bytes.ts';
import { MAX_BINS, QuantileSketch, binOf } from '../../../service/series/sketch.ts';
import { exactQuantile } from './support.ts';

const QUANTILES = [0, 0.01, 0.25, 0.5, 0.95, 0.99, 1];

function sketchOf(values: readonly number[]): QuantileSketch {
  const sketch = new QuantileSketch();
  for (const value of values) sketch.add(binOf(value));
  return sketch;
}

/** Its bytes: equal for equal sketches. */
function bytesOf(sketch: QuantileSketch): Uint8Array {
  const writer = new ByteWriter();
  sketch.write(writer);
  return writer.view();
}

function assertClose(values: readonly number[], sketch: QuantileSketch): void {
  for (const q of QUANTILES) {
    const exact = exactQuantile(values, q);
    const error = Math.abs(sketch.quantile(q) - exact);
    assert.ok(
      error <= 0.01 * Math.abs(exact) + 1e-12,
      `p${q * 100}: ${sketch.quantile(q)}, not ${exact}`,
    );
  }
}

const measured = fc.oneof(
  fc.double({ min: 1e-6, max: 1e9, noNaN: true }),
  fc.integer({ min: 0, max: 1000 }),
);
const signed = fc.oneof(
  measured,
  measured.map((value) => -value),
);

describe('the quantile sketch', () => {
  it('is within 1 % of exact quantiles of positive values', () => {
    fc.assert(
      fc.property(fc.array(measured, { minLength: 1, maxLength: 300 }), (values) =>
        assertClose(values, sketchOf(values)),
      ),
    );
  });

  it('is within 1 % for negative values and zeros, where the neighbouring ranks have one sign', () => {
    fc.assert(
      fc.property(fc.array(signed, { minLength: 1, maxLength: 300 }), (values) => {
        const sketch = sketchOf(values);
        const sorted = [...values].sort((a, b) => a - b);
        for (const q of QUANTILES) {
          const rank = q * (values.length - 1);
          const [low = 0, high = 0] = [sorted[Math.floor(rank)], sorted[Math.ceil(rank)]];
          const scale = Math.max(Math.abs(low), Math.abs(high));
          const error = Math.abs(sketch.quantile(q) - exactQuantile(values, q));
          assert.ok(error <= 0.01 * scale + 1e-12);
        }
      }),
    );
  });

  it('is within 1 % for usual shapes of 50,000 values', () => {
    const many = (shape: (share: number) => number) =>
      Array.from({ length: 50_000 }, (_, i) => shape((i + 0.5) / 50_000));
    for (const shape of [
      (share: number) => share * 100,
      (share: number) => -Math.log(1 - share) * 250,
      (share: number) => (1 - share) ** (-1 / 1.2),
      (share: number) => Math.exp(10 * share),
      (share: number) => (share < 0.9 ? 10 + share : 900 + share),
    ]) {
      const values = many(shape);
      assertClose(values, sketchOf(values));
    }
  });

  it('merged is the sketch of all values, in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.array(signed, { maxLength: 40 }), { maxLength: 8 }), (parts) => {
        const merged = new QuantileSketch();
        for (const part of parts) merged.merge(sketchOf(part));
        const backwards = new QuantileSketch();
        for (const part of [...parts].reverse()) backwards.merge(sketchOf([...part].reverse()));
        const whole = bytesOf(sketchOf(parts.flat()));
        assert.deepEqual(bytesOf(merged), whole);
        assert.deepEqual(bytesOf(backwards), whole);
      }),
    );
  });

  it('has bounded bins, the same ones in any order, and high quantiles that stay right', () => {
    const values = Array.from(
      { length: 60_000 },
      (_, i) => 10 ** (((i * 7919) % 60_000) / 1000 - 12),
    );
    const sketch = sketchOf(values);
    const parts = new QuantileSketch();
    for (let i = values.length; i > 0; i -= 999) {
      parts.merge(sketchOf(values.slice(Math.max(0, i - 999), i).reverse()));
    }
    assert.equal(sketch.size, MAX_BINS);
    assert.equal(sketch.count, values.length);
    assert.deepEqual(bytesOf(parts), bytesOf(sketch));
    for (const q of [0.95, 0.99]) {
      const exact = exactQuantile(values, q);
      assert.ok(Math.abs(sketch.quantile(q) / exact - 1) <= 0.01);
    }
  });

  it('is the same after it was written and read, whatever was there before', () => {
    fc.assert(
      fc.property(fc.array(signed), fc.array(signed), (held, written) => {
        const sketch = sketchOf(held);
        sketch.read(new ByteReader(bytesOf(sketchOf(written))));
        assert.deepEqual(bytesOf(sketch), bytesOf(sketchOf([...held, ...written])));
      }),
    );
  });

  it('takes the smallest and the greatest doubles', () => {
    const sketch = sketchOf([5e-324, -5e-324, Number.MAX_VALUE, -Number.MAX_VALUE]);
    assert.equal(sketch.count, 4);
    assert.ok(sketch.quantile(0) < -1e307);
    assert.ok(Math.abs(sketch.quantile(0.5)) < 1e-11);
  });
});
