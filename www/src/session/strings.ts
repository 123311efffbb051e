// Every text that a person sees of sign-in and session.

const timeOnly: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit" };
const dayAndTime: Intl.DateTimeFormatOptions = { dateStyle: "medium", timeStyle: "short" };

export const strings = {
  title: "Sign in",
  who: "Who you are",

  people: "Sign in to this sandbox as",
  signInWith: (host: string) => `Sign in with ${host}`,
  goingTo: (host: string) => `Going to ${host} to sign in…`,
  goOn: "Signing in. If a window opened, continue there.",
  giveUp: "Cancel sign-in",
  token: "Bearer token",
  tokenHint: "Kept in this page's memory only.",
  useToken: "Use this token",

  you: (name: string) => `You are ${name}.`,
  notTaken: "You are not signed in.",
  youUnknown: "Your token does not say who you are.",
  /** In place of a name. */
  someone: "Signed in",
  nobody: "Not signed in",
  objectId: "Object id",
  groups: "Groups",
  manyGroups: (count: number) => `${count} groups`,
  noGroups: "none, as the token says",
  groupsUnknown: "unknown: the token does not name them. The service decides by its own directory.",
  until: "Sign-in expires",
  untilUnknown: "unknown, the token does not say",
  time: (date: Date) => {
    const isToday = date.toDateString() === new Date().toDateString();
    return date.toLocaleString(undefined, isToday ? timeOnly : dayAndTime);
  },
  change: "Change person",
  changeText: "Unsent changes are discarded.",
  otherPerson: "Another person signed in. Unsent changes of the previous person were discarded.",
  signOut: "Sign out",

  ending: (time: string) => `Your sign-in expires at ${time}.`,
  stay: "Stay signed in",
  stayText: "Sign in again as the same person. Your input stays.",
  ended: "Your sign-in has expired",
  endedText: "Your input is still here. Sign in as the same person to continue.",
  refused: "The service does not accept your sign-in",
  /** Of a first token: there is no input to keep, and no person to be again. */
  refusedText: "Check that the token is complete and meant for this service. Then sign in with another one.",
  again: "Sign in again",
  later: "Later",
  cancel: "Cancel",
};
