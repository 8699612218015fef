import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyAccount } from '../../footprint/testing/any-account.js';
import { exampleAccount } from '../../footprint/testing/example-account.js';
import { accountJson } from './account.js';

const printed = (account: Parameters<typeof accountJson>[0]) =>
  JSON.parse(JSON.stringify(accountJson(account)));

describe('accountJson', () => {
  it('has every figure of the interface', () => {
    const document = printed(exampleAccount());
    expect(Object.keys(document)).toEqual(
      expect.arrayContaining([
        'window_s',
        'functions',
        'shares',
        'lag_s',
        'idle_w',
        'r2',
        'validation',
        'provenance',
      ]),
    );
    expect(Object.keys(document.functions.aes)).toEqual(
      expect.arrayContaining([
        ...[
          'invocations',
          'mean_latency_s',
          'power_w',
          'individual_j',
          'floor_j',
          'control_plane_j',
          'idle_j',
        ],
        ...[
          'total_j',
          'marginal_j',
          'marginal_error_j',
          'operational_g',
          'embodied_g',
          'carbon_g',
          'sci_g',
          'cov',
        ],
      ]),
    );
    expect(document).toMatchObject({
      window_s: 600,
      lag_s: -11.2,
      idle_w: 14,
      r2: 0.964,
      validation: {
        cosine_similarity: 0.992,
        naive_cosine_similarity: 0.985,
        individual_difference: 0.143,
        total_error: 0.021,
        latency_normalized_variance: 0.18,
      },
    });
  });

  it('says an absent figure with null, and why', () => {
    const { functions, provenance } = printed(exampleAccount());
    const reason = 'always runs together with image-resize';
    expect(functions.thumbnail).toMatchObject({ marginal_j: null, marginal_error_j: null, remark: reason });
    expect(provenance['functions.thumbnail.marginal_j']).toMatchObject({ reason });
    const { validation, r2, ...bare } = exampleAccount();
    expect(printed(bare)).toMatchObject({ validation: null, r2: null });
    expect(r2).toBeDefined();
    expect(validation).toBeDefined();
  });

  it('keeps names that are words of the language', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '0', ''];
    const { functions } = printed(exampleAccount({ names }));
    for (const name of names)
      expect(Object.getOwnPropertyDescriptor(functions, name)?.value.invocations).toBeGreaterThan(0);
  });

  it('loses no function and no joule, whatever the account', () => {
    fc.assert(
      fc.property(anyAccount, (account) => {
        const { functions, shares } = printed(account);
        expect(Object.keys(functions).sort()).toEqual(account.functions.map(({ name }) => name).sort());
        const { measured_j, individual_j, control_plane_j, idle_j, unattributed_j } = shares;
        const sum = individual_j + control_plane_j + idle_j + unattributed_j;
        expect(Math.abs(sum - measured_j)).toBeLessThanOrEqual(1e-9 * Math.abs(measured_j));
        expect(individual_j).toBe(account.shares.individualJoules);
      }),
    );
  });
});
