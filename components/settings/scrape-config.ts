/** What goes into Prometheus's own configuration to read this console. Pure. */
export function scrapeConfig(origin: string, token: string): string {
  const { protocol, host } = new URL(origin);
  return [
    "- job_name: sluice",
    `  scheme: ${protocol.replace(":", "")}`,
    "  authorization:",
    `    credentials: ${token}`,
    "  static_configs:",
    `    - targets: ["${host}"]`,
    "",
  ].join("\n");
}
