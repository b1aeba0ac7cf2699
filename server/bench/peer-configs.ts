/** The same farms in the words of every peer. Pure. */

export type Site = {
  /** one a farm */
  readonly vips: readonly string[];
  /** every farm has all of them */
  readonly backends: readonly string[];
};

export function nftlbConfig({ vips, backends }: Site): string {
  const farms = vips.map((vip, at) => ({
    name: `farm${at}`,
    family: "ipv4",
    "virtual-addr": vip,
    "virtual-ports": "80",
    mode: "dnat",
    protocol: "tcp",
    scheduler: "rr",
    state: "up",
    backends: backends.map((address, i) => ({
      name: `b${i}`,
      "ip-addr": address,
      port: "80",
      weight: "1",
      state: "up",
    })),
  }));
  return JSON.stringify({ farms });
}

/** Each rule takes its part of what the rules before it left, so that all backends get the same. */
export function iptablesRules({ vips, backends }: Site): string {
  const rules = vips.flatMap((vip) =>
    backends.map((address, at) => {
      const left = backends.length - at;
      const share = left === 1 ? "" : ` -m statistic --mode nth --every ${left} --packet 0`;
      return `-A PREROUTING -d ${vip} -p tcp --dport 80${share} -j DNAT --to-destination ${address}:80`;
    }),
  );
  return ["*nat", ...rules, "COMMIT", ""].join("\n");
}

export function haproxyConfig({ vips, backends }: Site): string {
  const servers = backends.map((address, i) => `  server b${i} ${address}:80`).join("\n");
  const listens = vips.map((vip, at) => `listen farm${at}\n  bind ${vip}:80\n  balance roundrobin\n${servers}`);
  const timeouts = "  timeout connect 5s\n  timeout client 30s\n  timeout server 30s";
  return ["global\n  maxconn 8000\n  nbthread 2", `defaults\n  mode tcp\n${timeouts}`, ...listens, ""].join("\n");
}

export function nginxConfig({ vips, backends }: Site, folder: string): string {
  const servers = backends.map((address) => `server ${address}:80;`).join(" ");
  const farms = vips.map(
    (vip, at) => `upstream farm${at} { ${servers} }\nserver { listen ${vip}:80 backlog=8192; proxy_pass farm${at}; }`,
  );
  return `daemon off; worker_processes 2; pid ${folder}/stream.pid; error_log ${folder}/stream.log crit;
load_module /usr/lib/nginx/modules/ngx_stream_module.so;
events { worker_connections 8192; }
stream {
${farms.join("\n")}
}
`;
}
