/** The farm actions as one value, for pages to hand to their components. */
import {
  cutBackendAction,
  previewAction,
  removeFarmAction,
  saveFarmAction,
  setAdminStateAction,
  setWeightsAction,
  undoRevisionAction,
} from "@/app/actions/farms.ts";
import type { FarmActions } from "@/components/changes/farm-actions.ts";

export const farmActions: FarmActions = {
  preview: previewAction,
  saveFarm: saveFarmAction,
  removeFarm: removeFarmAction,
  setWeights: setWeightsAction,
  setAdminState: setAdminStateAction,
  cutBackend: cutBackendAction,
  undoRevision: undoRevisionAction,
};
