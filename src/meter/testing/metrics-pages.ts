import { createServer } from 'node:http';

/** A two-socket Xeon as Kepler 0.7 shows it: modes that add up, and components it can't measure at 0. */
export const keplerOldPage = (joules: {
  dynamic: number;
  idle: number;
  dram: number;
  other?: number;
}): string => `\
# HELP kepler_container_package_joules_total Aggregated value in package value from rapl-sysfs
# TYPE kepler_container_package_joules_total counter
kepler_container_package_joules_total{container_id="system_processes",container_name="system_processes",container_namespace="system",mode="dynamic",pod_name="system_processes",source="rapl-sysfs"} 1104.51
# HELP kepler_node_core_joules_total Aggregated value in core value from rapl-sysfs
# TYPE kepler_node_core_joules_total counter
kepler_node_core_joules_total{instance="worker-1",mode="dynamic",package="0",source="rapl-sysfs"} 0
kepler_node_core_joules_total{instance="worker-1",mode="idle",package="0",source="rapl-sysfs"} 0
# HELP kepler_node_dram_joules_total Aggregated value in dram value from rapl-sysfs
# TYPE kepler_node_dram_joules_total counter
kepler_node_dram_joules_total{instance="worker-1",mode="dynamic",package="0",source="rapl-sysfs"} ${joules.dram}
kepler_node_dram_joules_total{instance="worker-1",mode="idle",package="0",source="rapl-sysfs"} 8042.25
# HELP kepler_node_info Labeled node information
# TYPE kepler_node_info counter
kepler_node_info{components_power_source="rapl-sysfs",cpu_architecture="Cascade Lake",platform_power_source="acpi",source="os"} 1
# HELP kepler_node_other_joules_total Aggregated value in other value from rapl-sysfs
# TYPE kepler_node_other_joules_total counter
kepler_node_other_joules_total{instance="worker-1",mode="dynamic"} ${joules.other ?? 0}
# HELP kepler_node_package_joules_total Aggregated value in package value from rapl-sysfs
# TYPE kepler_node_package_joules_total counter
kepler_node_package_joules_total{instance="worker-1",mode="dynamic",package="0",source="rapl-sysfs"} ${joules.dynamic}
kepler_node_package_joules_total{instance="worker-1",mode="dynamic",package="1",source="rapl-sysfs"} 161.75
kepler_node_package_joules_total{instance="worker-1",mode="idle",package="0",source="rapl-sysfs"} ${joules.idle}
kepler_node_package_joules_total{instance="worker-1",mode="idle",package="1",source="rapl-sysfs"} 55701.5
# HELP kepler_node_platform_joules_total Aggregated value in platform value from acpi
# TYPE kepler_node_platform_joules_total counter
kepler_node_platform_joules_total{instance="worker-1",mode="dynamic",source="acpi"} 2000
kepler_node_platform_joules_total{instance="worker-1",mode="idle",source="acpi"} 150000
# HELP kepler_node_uncore_joules_total Aggregated value in uncore value from rapl-sysfs
# TYPE kepler_node_uncore_joules_total counter
kepler_node_uncore_joules_total{instance="worker-1",mode="dynamic",package="0",source="rapl-sysfs"} 0
`;

/** A laptop as Kepler 0.11 shows it: zones with their paths, and active and idle as parts of the total. */
export const keplerNewPage = (joules: { package: number; core: number; psys: number }): string => `\
# HELP kepler_build_info A metric with a constant '1' value labeled with version information
# TYPE kepler_build_info gauge
kepler_build_info{arch="amd64",branch="main",goversion="go1.24.4",revision="c5a6f51",version="v0.11.2"} 1
# HELP kepler_node_cpu_active_joules_total Energy consumption of cpu in active state at node level in joules
# TYPE kepler_node_cpu_active_joules_total counter
kepler_node_cpu_active_joules_total{node_name="laptop",path="/sys/class/powercap/intel-rapl:0",zone="package"} 1201.5
# HELP kepler_node_cpu_idle_joules_total Energy consumption of cpu in idle state at node level in joules
# TYPE kepler_node_cpu_idle_joules_total counter
kepler_node_cpu_idle_joules_total{node_name="laptop",path="/sys/class/powercap/intel-rapl:0",zone="package"} 8011.25
# HELP kepler_node_cpu_info CPU information from procfs
# TYPE kepler_node_cpu_info gauge
kepler_node_cpu_info{core_id="0",model_name="12th Gen Intel(R) Core(TM) i7-1265U",physical_id="0",processor="0",vendor_id="GenuineIntel"} 1
# HELP kepler_node_cpu_joules_total Energy consumption of cpu at node level in joules
# TYPE kepler_node_cpu_joules_total counter
kepler_node_cpu_joules_total{node_name="laptop",path="/sys/class/powercap/intel-rapl:0",zone="package"} ${joules.package}
kepler_node_cpu_joules_total{node_name="laptop",path="/sys/class/powercap/intel-rapl:0/intel-rapl:0:0",zone="core"} ${joules.core}
kepler_node_cpu_joules_total{node_name="laptop",path="/sys/class/powercap/intel-rapl:1",zone="psys"} ${joules.psys}
# HELP kepler_node_cpu_usage_ratio CPU usage ratio of a node (value between 0.0 and 1.0)
# TYPE kepler_node_cpu_usage_ratio gauge
kepler_node_cpu_usage_ratio{node_name="laptop"} 0.03
# HELP kepler_node_cpu_watts Power consumption of cpu at node level in watts
# TYPE kepler_node_cpu_watts gauge
kepler_node_cpu_watts{node_name="laptop",path="/sys/class/powercap/intel-rapl:0",zone="package"} 7.25
`;

/** A one-socket server as Scaphandre 1.0 shows it; its process lines hold what no exporter should print. */
export const scaphandrePage = (micro: {
  socket?: number;
  host?: number;
  power: number;
  dram?: number;
}): string => {
  const counter = (name: string, labels: string, value: number | undefined): string =>
    value === undefined
      ? ''
      : `# HELP ${name} Energy in microjoules.\n# TYPE ${name} counter\n${name}${labels} ${value}\n`;
  return `\
# HELP scaph_self_version Version number of scaphandre represented as a float.
# TYPE scaph_self_version gauge
scaph_self_version 1.0
# HELP scaph_host_power_microwatts Power measurement on the whole host, in microwatts
# TYPE scaph_host_power_microwatts gauge
scaph_host_power_microwatts ${micro.power}
${counter('scaph_host_energy_microjoules', '', micro.host)}${counter('scaph_socket_energy_microjoules', '{socket_id="0"}', micro.socket)}\
# HELP scaph_socket_power_microwatts Power measurement relative to a CPU socket, in microwatts
# TYPE scaph_socket_power_microwatts gauge
scaph_socket_power_microwatts{socket_id="0"} ${micro.power}
${counter('scaph_domain_energy_microjoules', '{domain_id="0",domain_name="dram",socket_id="0"}', micro.dram)}\
# HELP scaph_process_power_consumption_microwatts Power consumption due to the process, in microwatts
# TYPE scaph_process_power_consumption_microwatts gauge
scaph_process_power_consumption_microwatts{pid="1",exe="systemd",cmdline="/sbin/init"} Nan
scaph_process_power_consumption_microwatts{pid="812",exe="sh",cmdline="sh-cecho "hello""} 1200
`;
};

export interface PageServer {
  readonly url: string;
  /** What is answered from now on: a page, or a status. */
  answer: string | number;
  /** How often it was asked. */
  requests: number;
  /** The authorization header of the last request. */
  authorization: string | undefined;
  close(): Promise<void>;
}

/** A real HTTP server on a free loopback port that shows one page to whoever asks for /metrics. */
export async function servePage(first: string | number): Promise<PageServer> {
  const server = createServer((request, response) => {
    page.requests += 1;
    page.authorization = request.headers.authorization;
    const { answer } = page;
    if (request.url !== '/metrics') response.writeHead(404).end('no such page\n');
    else if (typeof answer === 'number') response.writeHead(answer).end('it does not work\n');
    else response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const page: PageServer = {
    url: `http://127.0.0.1:${port}/metrics`,
    answer: first,
    requests: 0,
    authorization: undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return page;
}
