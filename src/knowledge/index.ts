/** What has been learnt: runs, invocations, profiles, models. */
