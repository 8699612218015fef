import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseProfile } from './parse-profile.js';
import { readProfileFile, writeProfileFile, writeProfileFolder } from './profile-files.js';
import { profileOfInvocations } from './profile-of-invocations.js';
import { profileSamples } from './profile-samples.js';
import { profileText } from './profile-text.js';
import { doneInvocation, phase, raplShare } from './testing/invocations.js';

const OPTIONS = { workflow: 'pi', origin: 'p.json' };
const PHASES = { read: [[0.1, 0.2]], compute: [[1, 2]], write: [[0.3, 0.4]], cold_start: [[0.1, 0.5]] };
const samplesOf = (fields: object) =>
  profileSamples(
    parseProfile(JSON.stringify({ s: { '(1, 1769, 2)': { ...PHASES, ...fields } } }), {
      name: 'p',
      stage: 's',
    }),
    OPTIONS,
  );

describe('the profile of runs', () => {
  const two = { cpu: 1, memoryMib: 1769, workers: 2 };
  const pair = (run: string, startedAt: number) =>
    [0, 1].map((partition) =>
      doneInvocation({
        run,
        partition,
        configuration: two,
        startedAt,
        endedAt: startedAt + 1 + partition,
        energies: [raplShare(4, 1)],
      }),
    );

  it('has a repetition for each run, in the order in which they began, and a figure for each partition', () => {
    const { profile, warnings } = profileOfInvocations([...pair('late', 2000), ...pair('early', 1000)]);
    expect(warnings).toEqual([]);
    const [entry] = profile.stages[0]?.entries ?? [];
    expect(entry?.configuration).toEqual(two);
    expect(entry?.fields).toMatchObject({
      compute: [
        [1, 1],
        [1, 1],
      ],
      rapl_energy_pkg: [
        [5, 5],
        [5, 5],
      ],
      run: [
        ['early', 'early'],
        ['late', 'late'],
      ],
      cpu_name: [
        Array(2).fill('AMD EPYC 7763 64-Core Processor'),
        Array(2).fill('AMD EPYC 7763 64-Core Processor'),
      ],
      aws_cpu: [
        Array(2).fill('type:Unknown|arch:x64|lambda:False|mem:1769'),
        Array(2).fill('type:Unknown|arch:x64|lambda:False|mem:1769'),
      ],
    });
    const tree = JSON.parse(profileText(profile)) as Record<
      string,
      Record<string, { units: unknown; provenance: unknown }>
    >;
    expect(tree.sample?.['(1, 1769, 2)']?.units).toMatchObject({
      read: 's',
      rapl_energy_pkg: 'J',
      psutil_cpu_percent: '%',
    });
    expect(tree.sample?.['(1, 1769, 2)']?.provenance).toEqual({ rapl_energy_pkg: 'measured' });
  });

  it('takes of each partition what was done first, and no failed attempts', () => {
    const { profile } = profileOfInvocations([
      doneInvocation({ status: 'failed', phases: [phase('compute', 9)] }),
      doneInvocation({ attempt: 2, endedAt: 1003, phases: [phase('compute', 3)] }),
      doneInvocation({ attempt: 2, endedAt: 1002, speculative: true, phases: [phase('compute', 2)] }),
    ]);
    expect(profile.stages[0]?.entries[0]?.fields.compute).toEqual([[2]]);
  });

  it('leaves out a stage that a run did not finish, and says so', () => {
    const { profile, warnings } = profileOfInvocations([
      ...pair('whole', 1000),
      ...pair('half', 2000).slice(1),
    ]);
    expect(profile.stages[0]?.entries[0]?.fields.run).toEqual([['whole', 'whole']]);
    expect(warnings).toEqual(['run half, stage "sample": 1 of 2 partitions were done: left out']);
  });

  it('leaves out methods that did not work, and has null where one worked for others only', () => {
    const { profile } = profileOfInvocations([
      doneInvocation({ partition: 0, configuration: two, energies: [raplShare(2)] }),
      doneInvocation({ partition: 1, configuration: two }),
    ]);
    const fields = profile.stages[0]?.entries[0]?.fields ?? {};
    expect(fields.rapl_energy_pkg).toEqual([[2, null]]);
    expect(Object.keys(fields).filter((name) => name.includes('_energy_'))).toEqual(['rapl_energy_pkg']);
  });

  it("shares measured energy out by eBPF's and psutil's CPU time, and never an estimate", () => {
    const usage = [
      { method: 'ebpf' as const, usage: { cpuSeconds: 1 } },
      { method: 'proc' as const, usage: { cpuSeconds: 1.5 } },
    ];
    const measured = profileOfInvocations([doneInvocation({ usage, energies: [raplShare(10, 2.5)] })]);
    expect(measured.profile.stages[0]?.entries[0]?.fields).toMatchObject({
      ebpf_energy_pkg: [[10]],
      psutil_energy_pkg: [[15]],
    });
    const tdp = { ...raplShare(10), source: 'tdp' as const, provenance: 'estimated' as const };
    const estimated = profileOfInvocations([doneInvocation({ usage, energies: [tdp] })]);
    expect(estimated.profile.stages[0]?.entries[0]?.fields).not.toHaveProperty('ebpf_energy_pkg');
  });

  it('keeps the sums of what went in', () => {
    const amount = fc.double({ min: 0.001, max: 1e4, noNaN: true });
    const run = fc.array(
      fc.record({
        read: amount,
        compute: amount,
        write: amount,
        coldStart: amount,
        cpu: amount,
        joules: amount,
        idle: fc.option(amount, { nil: undefined }),
        cold: fc.boolean(),
      }),
      { minLength: 3, maxLength: 3 },
    );
    fc.assert(
      fc.property(fc.array(run, { minLength: 1, maxLength: 4 }), (runs) => {
        const invocations = runs.flatMap((partitions, index) =>
          partitions.map((each, partition) =>
            doneInvocation({
              run: `run-${index}`,
              partition,
              configuration: { cpu: 0.5, memoryMib: 884.5, workers: 3 },
              startedAt: 1000 * index + partition,
              endedAt: 1000 * index + partition + 10,
              cold: each.cold,
              cpuSeconds: each.cpu,
              phases: [
                phase('cold_start', each.coldStart),
                phase('read', each.read),
                phase('compute', each.compute),
                phase('write', each.write),
              ],
              energies: [raplShare(each.joules, each.idle)],
            }),
          ),
        );
        const { profile } = profileOfInvocations(invocations);
        const read = parseProfile(profileText(profile), { name: 'p', stage: 's' });
        const { samples, warnings } = profileSamples(read, OPTIONS);
        expect(warnings).toEqual([]);
        expect(samples).toHaveLength(runs.length);
        for (const [index, sample] of samples.entries()) {
          const parts = runs[index] ?? [];
          const sum = (of: (part: (typeof parts)[number]) => number): number =>
            parts.reduce((all, part) => all + of(part), 0);
          expect(sample).toEqual({
            workflow: 'pi',
            stage: 'sample',
            run: `run-${index}`,
            configuration: { cpu: 0.5, memoryMib: 884.5, workers: 3 },
            repetition: index + 1,
            warmUp: false,
            invocations: 3,
            startedAt: 1000 * index,
            wallSeconds: 12,
            cpuSeconds: sum(({ cpu }) => cpu),
            coldStartSeconds: sum(({ coldStart }) => coldStart),
            readSeconds: sum(({ read: seconds }) => seconds),
            computeSeconds: sum(({ compute }) => compute),
            writeSeconds: sum(({ write }) => write),
            coldStarts: parts.filter(({ cold }) => cold).length,
            joules: sum(({ joules, idle }) => joules + (idle ?? 0)),
            source: 'rapl',
            provenance: 'measured',
            energies: [
              {
                source: 'rapl',
                domain: 'package',
                joules: sum(({ joules, idle }) => joules + (idle ?? 0)),
                provenance: 'measured',
              },
            ],
          });
        }
      }),
    );
  });
});

describe('samples of published profiles', () => {
  it('have what the file tells, and not what it does not', () => {
    const { samples, warnings } = samplesOf({});
    expect(samples).toEqual([
      {
        workflow: 'pi',
        stage: 's',
        run: 'p.json#1',
        configuration: { cpu: 1, memoryMib: 1769, workers: 2 },
        repetition: 1,
        warmUp: false,
        invocations: 2,
        wallSeconds: 0.2 + 2 + 0.4 + 0.5,
        coldStartSeconds: 0.6,
        readSeconds: 0.1 + 0.2,
        computeSeconds: 3,
        writeSeconds: 0.7,
      },
    ]);
    expect(warnings).toEqual([
      'the profile has no moments: the time of a stage is that of its slowest worker',
    ]);
  });

  it('have no energy where all of it is 0', () => {
    const { samples, warnings } = samplesOf({ rapl_energy_cores: [[0, 0]], perf_energy_pkg: [[0, 0]] });
    expect(samples[0]).not.toHaveProperty('joules');
    expect(samples[0]).not.toHaveProperty('source');
    expect(warnings).toContain('rapl_energy_cores: 0 J in all 2 samples: the source did not work');
    expect(warnings).toContain('perf_energy_pkg: 0 J in all 2 samples: the source did not work');
  });

  it('have the energy of the method that worked beside those that did not', () => {
    const { samples } = samplesOf({
      rapl_energy_pkg: [[0, 0]],
      perf_energy_pkg: [[3, 4]],
      perf_energy_cores: [[2, 3]],
    });
    expect(samples[0]).toMatchObject({ joules: 7, source: 'perf-power', provenance: 'measured' });
  });

  it('trust a counter before a model and a model before an estimate', () => {
    const all = { tdp_energy_pkg: [[9, 9]], psutil_energy_pkg: [[8, 8]], rapl_energy_pkg: [[1, 0]] };
    expect(samplesOf(all).samples[0]).toMatchObject({ joules: 1, source: 'rapl' });
    const { rapl_energy_pkg: _, ...models } = all;
    expect(samplesOf(models).samples[0]).toMatchObject({
      joules: 16,
      source: 'proc',
      provenance: 'modelled',
    });
  });

  it('have no energy of a method that missed a worker', () => {
    expect(samplesOf({ rapl_energy_pkg: [[1, null]] }).samples[0]).not.toHaveProperty('joules');
  });

  it('take neither CPU time nor constants nor sums of nested domains for energy', () => {
    const { samples, warnings } = samplesOf({
      TDP: [[1.8, 1.9]],
      RAPL: [[1, 1]],
      rapl_energy_total: [[5, 5]],
    });
    expect(samples[0]).not.toHaveProperty('joules');
    expect(warnings.join('\n')).toMatch(
      /TDP: is CPU time[\s\S]*RAPL: is not[\s\S]*rapl_energy_total: adds up/,
    );
  });

  it('leave out a field that later versions added to some repetitions', () => {
    const { samples, warnings } = samplesOf({
      read: [
        [1, 1],
        [1, 1],
      ],
      compute: [
        [1, 1],
        [1, 1],
      ],
      write: [
        [1, 1],
        [1, 1],
      ],
      cold_start: [
        [1, 1],
        [1, 1],
      ],
      rapl_energy_pkg: [[5, 5]],
    });
    expect(samples.map(({ joules }) => joules)).toEqual([undefined, undefined]);
    expect(warnings).toContain(
      'rapl_energy_pkg: not all repetitions have it, and which have is not told: left out',
    );
  });

  it('warn of clocks that differ', () => {
    expect(samplesOf({ cold_start: [[-0.1, 0.5]] }).warnings.join()).toContain('below 0 s');
  });
});

describe('profile files', () => {
  const { profile } = profileOfInvocations([doneInvocation(), doneInvocation({ function: 'a/b' })]);

  it('are read as they were written, in one file or one for each stage', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'wattloop-profile-'));
    await writeProfileFile(join(folder, 'all.json'), profile);
    expect(await readProfileFile(join(folder, 'all.json'))).toEqual(profile);
    await writeProfileFolder(join(folder, 'stages'), profile);
    expect(await readdir(join(folder, 'stages'))).toEqual(['a%2Fb.json', 'sample.json']);
    const read = await readProfileFile(join(folder, 'stages'));
    expect(read.stages.map(({ name }) => name)).toEqual(['a/b', 'sample']);
    expect(
      Object.keys(JSON.parse(await readFile(join(folder, 'stages', 'sample.json'), 'utf8')) as object),
    ).toEqual(['(1, 1769, 1)']);
  });

  it('that are missing, empty folders, or written where nobody may, are told', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'wattloop-profile-'));
    await expect(readProfileFile(join(folder, 'no.json'))).rejects.toMatchObject({ code: 'not_found' });
    await expect(readProfileFile(folder)).rejects.toMatchObject({ code: 'not_found' });
    await expect(writeProfileFile(join(folder, 'no', 'p.json'), profile)).rejects.toMatchObject({
      code: 'write_failed',
    });
    await writeFile(join(folder, 'bad.json'), '{"s": {"x": {}}}');
    await expect(readProfileFile(join(folder, 'bad.json'))).rejects.toThrow(
      'bad.json: stage "s", configuration "x"',
    );
  });
});
