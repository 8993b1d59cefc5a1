window.YTD.tweet.part0 = [
  {
    "retweeted": false,
    "source": "A client",
    "entities": {
      "hashtags": [],
      "symbols": [],
      "user_mentions": [],
      "urls": []
    },
    "display_text_range": [
      "0",
      "20"
    ],
    "favorite_count": "0",
    "id_str": "1100000000000000001",
    "truncated": false,
    "retweet_count": "0",
    "id": "1100000000000000001",
    "created_at": "Wed Feb 27 10:00:00 +0000 2019",
    "favorited": false,
    "full_text": "Quillhost, long before",
    "lang": "en"
  }
]