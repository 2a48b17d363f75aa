/** True in the build that the tests drive: a fake stands where the server would. */
declare const __FAKE__: boolean;
