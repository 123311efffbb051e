// What all parts of the page say, where the elements' own words do not know this page.
import { setStrings } from "../../../pkg/src/elements/strings/index.ts";

/** People who read it can tell the operator. */
const whereToExplain = "The page's operator can explain each code in settings.json, as profile.statuses.";

setStrings({ common: { whereToExplain } });
