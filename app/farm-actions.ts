/** The writes that pages hand to their components, in one piece. */
import {
  cutBackendAction,
  previewAction,
  removeFarmAction,
  removeListAction,
  saveFarmAction,
  saveListAction,
  setAdminStateAction,
  setEnabledAction,
  setWeightsAction,
  undoRevisionAction,
} from "@/app/actions/farms.ts";

export const farmActions = {
  preview: previewAction,
  saveFarm: saveFarmAction,
  removeFarm: removeFarmAction,
  saveList: saveListAction,
  removeList: removeListAction,
  setEnabled: setEnabledAction,
  setWeights: setWeightsAction,
  setAdminState: setAdminStateAction,
  cutBackend: cutBackendAction,
  undoRevision: undoRevisionAction,
};
