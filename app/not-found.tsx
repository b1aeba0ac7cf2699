import { AuthFrame, AuthTitle } from "@/components/auth/auth-frame.tsx";
import { ButtonLink } from "@/components/ui/button.tsx";

export const metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <AuthFrame>
      <AuthTitle title="There is no such page">The address may be mistyped.</AuthTitle>
      <div>
        <ButtonLink href="/">Overview</ButtonLink>
      </div>
    </AuthFrame>
  );
}
