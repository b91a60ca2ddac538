"""`python -m server.policy [FILE or FOLDER]`: say whether rule books can be used, before anything is restarted."""

import sys

from server.policy.inspection import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], sys.stdout))
