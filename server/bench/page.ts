/**
 * JavaScript of the farm page as a browser loads it, gzipped as the server sends it: what came before first paint, and all of it once the charts stand.
 */
import { gzipSync } from "node:zlib";
import { chromium } from "@playwright/test";
import { chromiumLaunch } from "../lab/chromium.ts";
import { openProduct, type Product } from "./product.ts";
import type { Row } from "./table.ts";

type Script = { readonly path: string; readonly gzipped: number; readonly endedMs: number };

export async function benchPage(): Promise<Row[]> {
  const product = await openProduct();
  try {
    const { scripts, paintMs } = await visit(product);
    const before = scripts.filter(({ endedMs }) => endedMs <= paintMs);
    const kb = (list: readonly Script[]) => (list.reduce((sum, { gzipped }) => sum + gzipped, 0) / 1024).toFixed(0);
    return [
      {
        name: "farm page",
        figures: {
          "before first paint KB": kb(before),
          "with charts KB": kb(scripts),
          scripts: String(scripts.length),
        },
      },
    ];
  } finally {
    await product.close();
  }
}

async function visit(product: Product): Promise<{ scripts: Script[]; paintMs: number }> {
  const browser = await chromium.launch(chromiumLaunch);
  try {
    const context = await browser.newContext({ baseURL: product.origin, extraHTTPHeaders: {} });
    await context.addCookies(
      product.cookie.split("; ").map((pair) => {
        const at = pair.indexOf("=");
        return { name: pair.slice(0, at), value: pair.slice(at + 1), url: product.origin };
      }),
    );
    const page = await context.newPage();
    await page.goto("/farms");
    await page.locator("a[href^='/farms/']").filter({ hasNotText: /new/i }).first().waitFor();
    const href = await page.locator("a[href^='/farms/']:not([href='/farms/new'])").first().getAttribute("href");
    const fresh = await context.newPage();
    const bodies = new Map<string, number>();
    fresh.on("response", (response) => {
      if (response.request().resourceType() !== "script") return;
      void response
        .body()
        .then((body) => bodies.set(response.url(), gzipSync(body).length))
        .catch(() => undefined);
    });
    await fresh.goto(href ?? "/farms");
    await fresh.locator("svg.recharts-surface").nth(3).waitFor();
    const timing = await fresh.evaluate(() => ({
      paintMs: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0,
      scripts: performance
        .getEntriesByType("resource")
        .filter((entry) => entry.name.includes(".js"))
        .map((entry) => ({ url: entry.name, endedMs: (entry as PerformanceResourceTiming).responseEnd })),
    }));
    const scripts = timing.scripts.map(({ url, endedMs }) => ({
      path: new URL(url).pathname,
      gzipped: bodies.get(url) ?? 0,
      endedMs,
    }));
    return { scripts, paintMs: timing.paintMs };
  } finally {
    await browser.close();
  }
}
