import Crypto

enum Placeholder {}
