import { eventKindTexts } from "@/components/events/event-query.ts";
import { Checkbox } from "@/components/ui/choice.tsx";
import { FieldError } from "@/components/ui/field.tsx";
import { notifyKinds } from "@/server/core/notify/target.ts";
import { DraftText, type TargetFieldsProps } from "./target-place.tsx";

/** Which events, of which farms, and how they are put together. */
export function TargetEvents(props: TargetFieldsProps) {
  const { draft, errorOf, onChange } = props;
  const problem = errorOf("kinds");
  return (
    <>
      <fieldset className="grid gap-1.5">
        <legend className="mb-1 font-medium">Told of</legend>
        <div className="grid grid-cols-[repeat(auto-fill,minmax(170px,1fr))] gap-x-3">
          {notifyKinds.map((kind) => (
            <Checkbox
              key={kind}
              checked={draft.kinds.includes(kind)}
              onChange={(event) => {
                const others = draft.kinds.filter((each) => each !== kind);
                onChange({ kinds: event.target.checked ? [...others, kind] : others });
              }}
            >
              {eventKindTexts[kind]}
            </Checkbox>
          ))}
        </div>
        {problem === null ? null : <FieldError>{problem}</FieldError>}
      </fieldset>
      <div className="grid grid-cols-2 gap-3 max-md:grid-cols-1">
        <DraftText
          {...props}
          name="farms"
          label="Only these farms"
          hint="Names, with commas. Both empty: every farm, and the balancer itself."
        />
        <DraftText {...props} name="tags" label="Only farms with these tags" />
        <DraftText
          {...props}
          name="groupS"
          label="Wait for more, seconds"
          hint="What happens to one farm meanwhile becomes one message."
        />
        {draft.kind === "alertmanager" ? null : (
          <DraftText
            {...props}
            name="repeatMin"
            label="Say it again after, minutes"
            hint="While a problem lasts. Empty: once."
          />
        )}
      </div>
    </>
  );
}
