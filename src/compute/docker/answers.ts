import { z } from 'zod';

/** What is read of the engine's answers: everything else in them may change as it likes. */

export const created = z.object({ Id: z.string() });

export const inspected = z.object({
  State: z.object({
    Running: z.boolean(),
    Pid: z.number(),
    ExitCode: z.number(),
    OOMKilled: z.boolean(),
    Error: z.string().optional(),
  }),
  NetworkSettings: z.object({
    Networks: z.record(z.string(), z.object({ IPAddress: z.string() })).nullish(),
    Ports: z
      .record(z.string(), z.array(z.object({ HostIp: z.string(), HostPort: z.string() })).nullable())
      .nullish(),
  }),
});
export type InspectedContainer = z.output<typeof inspected>;

export const listedContainers = z.array(
  z.object({ Id: z.string(), Labels: z.record(z.string(), z.string()) }),
);

export const listedImages = z.array(
  z.object({
    Id: z.string(),
    RepoTags: z.array(z.string()).nullish(),
    RepoDigests: z.array(z.string()).nullish(),
  }),
);

export const inspectedNetwork = z.object({
  Driver: z.string(),
  IPAM: z
    .object({
      Config: z.array(z.object({ Subnet: z.string().optional(), Gateway: z.string().optional() })).nullish(),
    })
    .optional(),
});
