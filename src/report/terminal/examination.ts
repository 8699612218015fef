import type { Examination, SourceFinding } from '../../meter/index.js';
import { wrap } from './wrap.js';

const yesNo = (value: boolean): string => (value ? 'yes' : 'no');

const NAME = 11;
const INDENT = ' '.repeat(NAME + 6);

function finding(
  { name, usable, domains, provenance, yields, reason, remedy, title }: SourceFinding,
  width: number,
): string {
  const what =
    yields === 'energy' ? [domains.join(', '), provenance].filter((part) => part !== '').join(', ') : title;
  const first = `${name.padEnd(NAME)} ${usable ? 'yes' : 'no '}  `;
  const text = (words: string): string => INDENT + wrap(words, width, INDENT);
  if (usable) return [`${first}${wrap(what, width, INDENT)}`, ...(reason ? [text(reason)] : [])].join('\n');
  return [`${first}${wrap(reason ?? '', width, INDENT)}`, ...(remedy ? [text(`→ ${remedy}`)] : [])].join(
    '\n',
  );
}

/** What `wattloop doctor` prints for people. */
export function examinationText({ machine, sources, tdp }: Examination, width = 110): string {
  const { cpu, virtualization, kernel, cgroup } = machine;
  const tdpText = `${tdp.watts} W (${tdp.isDefault ? 'default: ' : ''}${tdp.row}; ${tdp.source})`;
  const lines = [
    `Processor       ${cpu.model || 'unknown'}${cpu.board ? ` on ${cpu.board}` : ''}, ${cpu.architecture}`,
    `Cores           ${cpu.coresPhysical} physical, ${cpu.coresLogical} logical, ${cpu.sockets} socket${cpu.sockets === 1 ? '' : 's'}`,
    `TDP             ${tdpText}`,
    `Virtualisation  ${virtualization.hypervisor} (${virtualization.evidence})${virtualization.container === 'none' ? '' : `, within ${virtualization.container}`}`,
    `Cgroups         ${cgroup ?? 'none'}`,
    `Kernel          ${kernel.release || 'unknown'}; BTF ${yesNo(kernel.hasBtf)}, powercap ${yesNo(kernel.hasPowercap)}, tracefs ${yesNo(kernel.hasTracefs)}, perf_event_paranoid ${kernel.perfEventParanoid ?? 'absent'}, lockdown ${kernel.lockdown ?? 'absent'}`,
    '',
    `${'SOURCE'.padEnd(NAME)} USE  WHAT IT GIVES, OR WHY IT DOES NOT WORK AND WHAT WOULD ENABLE IT`,
    ...sources.map((source) => finding(source, width)),
  ];
  return `${lines.join('\n')}\n`;
}
