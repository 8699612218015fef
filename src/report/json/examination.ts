import type { Examination } from '../../meter/index.js';

/** The document that `wattloop doctor --json` prints. */
export function examinationJson({ machine, sources, tdp }: Examination): object {
  const { cpu, virtualization, kernel, cgroup } = machine;
  return {
    cpu: {
      model: cpu.model,
      vendor: cpu.vendor,
      architecture: cpu.architecture,
      cores_physical: cpu.coresPhysical,
      cores_logical: cpu.coresLogical,
      sockets: cpu.sockets,
      board: cpu.board ?? null,
      tdp_watts: tdp.watts,
      tdp_row: tdp.row,
      tdp_source: tdp.source,
      tdp_is_default: tdp.isDefault,
    },
    virtualization: virtualization.hypervisor,
    virtualization_evidence: virtualization.evidence,
    container: virtualization.container,
    cgroup: cgroup ?? null,
    kernel: {
      release: kernel.release,
      btf: kernel.hasBtf,
      perf_event_paranoid: kernel.perfEventParanoid ?? null,
      unprivileged_bpf_disabled: kernel.unprivilegedBpfDisabled ?? null,
      lockdown: kernel.lockdown ?? null,
      powercap: kernel.hasPowercap,
      tracefs: kernel.hasTracefs,
    },
    sources: sources.map(({ name, title, yields, usable, domains, provenance, reason, remedy }) => ({
      name,
      title,
      yields,
      usable,
      domains,
      provenance,
      reason: reason ?? null,
      remedy: remedy ?? null,
    })),
  };
}
