/**
 * Every family that `/metrics` answers, of the agent and of web. Base units; totals only grow within a life of the agent. What is not known
 * or not tracked has no line. Sums over backends (connections of a farm, its bytes) are left to who asks: `sum by (farm)`.
 */
import type { Family } from "./exposition.ts";

const gauge = (name: string, help: string): Family => ({ name, type: "gauge", help });
const counter = (name: string, help: string): Family => ({ name, type: "counter", help });
const histogram = (name: string, help: string): Family => ({ name, type: "histogram", help });

/** Labels: farm, backend. */
export const backendFamilies = {
  info: gauge("sluice_backend_info", "Where a backend is: address and port (empty: as the client asked). Always 1."),
  newConnections: counter(
    "sluice_backend_new_connections_total",
    "Connections given to the backend, as the kernel counted them. Absent where the farm is forwarded without connection tracking.",
  ),
  bytes: counter("sluice_backend_bytes_total", "Bytes of the packets towards the backend (in) and from it (out)."),
  packets: counter("sluice_backend_packets_total", "Packets towards the backend (in) and from it (out)."),
  active: gauge("sluice_backend_active_connections", "Open connections, from connection tracking."),
  share: gauge(
    "sluice_backend_share_ratio",
    "Share of new connections: planned (from weights), programmed (slots in the kernel), observed (counted since the last change, at most 5 minutes).",
  ),
  weight: gauge("sluice_backend_weight", "Weight as set by the administrator, 0 to 1000."),
  effectiveWeight: gauge("sluice_backend_effective_weight", "Weight after administrator's decision, health and tiers."),
  adminState: gauge(
    "sluice_backend_admin_state",
    "The administrator's decision; 1 for the state that holds, others absent.",
  ),
  health: gauge("sluice_backend_health_state", "What was measured; 1 for the state that holds, others absent."),
  connect: gauge("sluice_backend_connect_time_seconds", "Connect time by TCP probes over the last 60 seconds."),
  failedProbes: counter("sluice_backend_failed_probes_total", "Connect probes that failed."),
  openTime: gauge(
    "sluice_backend_open_time_seconds",
    "SYN to SYN-ACK of real connections over the last 60 seconds. Absent where the kernel does not time them.",
  ),
  failedOpens: counter(
    "sluice_backend_failed_opens_total",
    "Real connections that the backend refused, that it did not answer within 3 seconds, or that were reset within 3 seconds with no FIN before (reset is counted while a farm takes backends out by real traffic).",
  ),
} as const;

/** What health checks and real traffic say. Labels: farm, backend. Absent where no check is set, and while none was made lately. */
export const checkFamilies = {
  up: gauge(
    "sluice_backend_up",
    "1 while its health is up or degraded, 0 while it is down; absent while it is not known.",
  ),
  since: gauge("sluice_backend_health_since_seconds", "When its health became what it is, since 1970."),
  success: gauge(
    "sluice_backend_check_success",
    "1 when the last health check was good, else 0; absent while nobody asks, or nobody can.",
  ),
  duration: gauge("sluice_backend_check_duration_seconds", "How long the last health check took."),
  certificate: gauge(
    "sluice_backend_certificate_remaining_seconds",
    "Until the certificate that the check saw ends, in whole days; below zero since it ended.",
  ),
  out: gauge("sluice_backend_out", "1 while it takes nothing though its checks are good: ejected or in a window."),
  factor: gauge(
    "sluice_backend_weight_factor_ratio",
    "What its weight is multiplied by: slow-start (grows to 1) and dynamic (as measured).",
  ),
} as const;

/** Labels: farm. */
export const farmFamilies = {
  state: gauge("sluice_farm_state", "Word of the farm; 1 for the one that holds, others absent."),
  backends: gauge("sluice_farm_backends", "Backends of the farm."),
  serving: gauge("sluice_farm_serving_backends", "Backends that take new connections."),
  connect: histogram("sluice_farm_connect_time_seconds", "Connect time by TCP probes, over all backends of the farm."),
  openTime: histogram(
    "sluice_farm_open_time_seconds",
    "SYN to SYN-ACK of real connections, over all backends of the farm; of those that were followed, where there are too many.",
  ),
  panic: gauge("sluice_farm_panic", "1 while so many backends fail at once that the checks are not believed, else 0."),
  turnedAway: counter(
    "sluice_farm_turned_away_packets_total",
    "Packets that a filter of the farm turned away, by reason, and by named list where one denied.",
  ),
} as const;

export const balancerFamilies = {
  build: gauge("sluice_build_info", "Versions of the agent, the kernel and nft. Always 1."),
  farms: gauge("sluice_farms", "Farms."),
  epoch: gauge("sluice_revision_epoch", "Epoch of the accepted revision."),
  revision: gauge("sluice_revision_number", "Number of the accepted revision within its epoch."),
  sync: gauge("sluice_sync_state", "Kernel against accepted revision; 1 for the state that holds, others absent."),
  conntrackEntries: gauge("sluice_conntrack_entries", "Entries of connection tracking, of everybody on the host."),
  conntrackLimit: gauge("sluice_conntrack_limit_entries", "Most entries that connection tracking takes."),
  drift: counter("sluice_drift_total", "Changes of our rules by others that were found and put right."),
  events: counter("sluice_events_total", "Events by kind."),
  apply: histogram("sluice_apply_duration_seconds", "Time from an accepted change to its proof in the kernel."),
  proberSilent: gauge("sluice_prober_silent", "1 while the prober is connected and says nothing: stopped or starved."),
  prober: gauge("sluice_prober_connected", "1 while the prober is connected to the agent."),
} as const;

export const webFamilies = {
  up: gauge("sluice_web_agent_up", "1 while web hears from its agent; at 0 every series of the agent is absent."),
  database: gauge("sluice_web_database_up", "1 while web's database answers."),
  untaken: gauge(
    "sluice_web_notification_failures",
    "How often in a row a target of notifications did not take its message; 0 while it works. Enabled targets only.",
  ),
} as const;

/** Of the process that answers; `part` stands in the name, because one page may carry both. */
export function processFamilies(part: "agent" | "web") {
  return {
    cpu: counter(`sluice_${part}_cpu_seconds_total`, "Processor time of the process, user and system."),
    resident: gauge(`sluice_${part}_resident_memory_bytes`, "Memory of the process that is in RAM."),
    heap: gauge(`sluice_${part}_heap_used_bytes`, "JavaScript heap in use."),
    started: gauge(`sluice_${part}_start_time_seconds`, "When the process started, since 1970."),
    loopBusy: counter(`sluice_${part}_loop_busy_seconds_total`, "Time in which the process's one loop was at work."),
  } as const;
}
