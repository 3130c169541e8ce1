import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { edgePieces, horizonSeal, readHorizon } from '../../../../src/domain/sync/horizon.js';

const created = 1_764_000_000;

function ids(count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => at.toString(16).padStart(64, '0'));
}

describe('the edge of the horizon', () => {
  test.each([
    [1, 1],
    [76, 1],
    [77, 2],
    [2_000, 27],
  ])('of %i branch heads takes %i tags of at most 5,000 bytes', (heads, pieces) => {
    const tags = edgePieces(ids(heads), created);
    expect(tags.size).toBe(pieces);
    for (const [key, value] of tags) {
      expect(key).toMatch(/^lakefs\.horizon\.\d+$/);
      expect(Buffer.byteLength(value)).toBeLessThanOrEqual(5_000);
    }
    expect(readHorizon(tags, created)).toEqual({ edge: ids(heads), sealed: false });
  });

  test('fits beside the other tags where MLflow takes 1,000 per experiment, and keeps the first heads', () => {
    const tags = edgePieces(ids(80_000), created);
    expect(tags.size).toBeLessThan(1_000);
    expect(readHorizon(tags, created).edge).toEqual(ids(900 * 76));
  });

  test('reads back in the order in which it was given, in whatever order MLflow lists the tags', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 0xffff_ffff }), { maxLength: 1_500 }),
        fc.func(fc.integer()),
        (numbers, orderOf) => {
          const heads = numbers.map((number) => number.toString(16).padStart(64, '0'));
          const all = [...edgePieces(heads, created), horizonSeal(created)];
          const listed = all.sort(([a], [b]) => orderOf(a) - orderOf(b));
          expect(readHorizon(new Map(listed), created)).toEqual({ edge: heads, sealed: true });
        },
      ),
    );
  });

  test('of an earlier repository of the same name says nothing, also where its last pieces are still there', () => {
    const old = new Map([...edgePieces(ids(200), created), horizonSeal(created)]);
    expect(readHorizon(old, created + 1)).toEqual({ edge: [], sealed: false });
    const mixed = new Map([...old, ...edgePieces(['f'.repeat(64)], created + 1)]);
    expect(readHorizon(mixed, created + 1)).toEqual({ edge: ['f'.repeat(64)], sealed: false });
  });

  test('is not taken from tags that only look alike', () => {
    const tags = new Map([
      ['lakefs.horizon.note', `${created} ${ids(1)[0]}`],
      ['lakefs_horizon.0', `${created} ${ids(1)[0]}`],
      ['lakefs.horizon.0', 'by hand'],
    ]);
    expect(readHorizon(tags, created)).toEqual({ edge: [], sealed: false });
  });
});
