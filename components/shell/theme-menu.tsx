"use client";

import { Contrast, Moon, Sun } from "lucide-react";
import { useState } from "react";
import { Menu } from "@/components/ui/menu.tsx";
import { type Theme, themeAttribute, themeCookieText, themes } from "./theme.ts";

const icons = { system: Contrast, light: Sun, dark: Moon } as const;
const labels: Record<Theme, string> = { system: "As the system", light: "Light", dark: "Dark" };

export function ThemeMenu({ initial }: { readonly initial: Theme }) {
  const [theme, setTheme] = useState(initial);
  const Icon = icons[theme];

  function choose(next: Theme): void {
    setTheme(next);
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in some browsers and on plain http
    document.cookie = themeCookieText(next);
    const attribute = themeAttribute(next);
    if (attribute === undefined) delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = attribute;
  }
  return (
    <Menu
      label={`Theme: ${labels[theme]}`}
      trigger={<Icon aria-hidden className="size-4" strokeWidth={1.5} />}
      entries={themes.map((each) => ({
        label: labels[each],
        checked: each === theme,
        onSelect: () => choose(each),
      }))}
    />
  );
}
