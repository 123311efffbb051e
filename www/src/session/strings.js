// Every text that a person sees of sign-in and session.

/** @type {Intl.DateTimeFormatOptions} */
const timeOnly = { hour: "2-digit", minute: "2-digit" };
/** @type {Intl.DateTimeFormatOptions} */
const dayAndTime = { dateStyle: "medium", timeStyle: "short" };

export const strings = {
  title: "Sign in",
  who: "Who you are",

  people: "In this sandbox you can be",
  signInWith: (/** @type {string} */ host) => `Sign in with ${host}`,
  goingTo: (/** @type {string} */ host) => `Going to ${host} to sign in…`,
  goOn: "Signing in. If a window opened, go on there.",
  giveUp: "Give up",
  token: "Bearer token",
  tokenHint: "Kept in this page's memory only.",
  useToken: "Use this token",

  you: (/** @type {string} */ name) => `You are ${name}.`,
  youUnknown: "You use a token that does not say who you are.",
  idAndGroups: "Object id and groups",
  objectId: "Object id",
  groups: "Groups",
  manyGroups: (/** @type {number} */ count) => `${count} groups`,
  noGroups: "none that the token names",
  until: "Until",
  untilUnknown: "unknown: the token does not say when it ends",
  time: (/** @type {Date} */ date) => {
    const isToday = date.toDateString() === new Date().toDateString();
    return date.toLocaleString(undefined, isToday ? timeOnly : dayAndTime);
  },
  change: "Change person",
  changeText: "What you began and did not send yet will not be sent.",
  otherPerson: "Another person signed in. What the one before had not sent yet was not sent.",
  signOut: "Sign out",

  ending: (/** @type {string} */ time) => `Your sign-in ends at ${time}.`,
  stay: "Stay signed in",
  stayText: "Sign in again as the same person. What you typed stays.",
  ended: "Your sign-in has ended",
  endedText: "What you typed is still here. Sign in as the same person to go on where you were.",
  refused: "The service does not accept your sign-in",
  again: "Sign in again",
  later: "Later",
  cancel: "Cancel",
};
